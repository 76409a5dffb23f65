/** The card of a Space: the front matter of its README, in the simple YAML of cards. */
export function cardOf(readme: string | undefined): Record<string, string | boolean | string[]> | undefined {
  const front = /^---\n(.*?)\n---(?:\n|$)/s.exec(readme ?? '')?.[1]
  if (front === undefined) return undefined
  const card: Record<string, string | boolean | string[]> = {}
  let list: string[] = []
  for (const line of front.split('\n')) {
    const item = /^\s*- (.*)$/.exec(line)?.[1]
    if (item !== undefined) {
      list.push(String(scalar(item)))
      continue
    }
    const [, key, value] = /^(\w+):\s*(.*)$/.exec(line) ?? []
    if (key === undefined || value === undefined) continue
    card[key] = value === '' ? list = [] : scalar(value)
  }
  return card
}

function scalar(text: string): string | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  if (text.startsWith('"')) return JSON.parse(text) as string
  return text.replace(/^'(.*)'$/, '$1')
}

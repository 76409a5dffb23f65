import type { EmulatorName } from '../../emulators/defaults.ts'
import type { Launched } from './launcher.ts'

const SERVICES: Record<EmulatorName, string> = {
  github: 'GitHub',
  discord: 'Discord',
  huggingface: 'Hugging Face',
  figma: 'Figma',
  kv: 'KV',
  sandbox: 'Sandbox',
}

/**
 * A one-time link that signs a browser in as the owner; undefined without an API key, and where nobody watches a
 * terminal: the output may then be a log that others read.
 */
export async function signInLink({ settings, apiKey }: Pick<Launched, 'settings' | 'apiKey'>, isTerminal = process.stdout.isTTY) {
  if (!apiKey || !isTerminal) return undefined
  const answer = await fetch(`${settings.url}/api/sessions/links`, { method: 'POST', headers: { 'x-api-key': apiKey } })
  if (!answer.ok) return undefined
  const { url } = await answer.json() as { url: string }
  return url
}

/** The lines that a command prints when Atelier is up. */
export async function welcome(launched: Launched): Promise<string[]> {
  const { settings, newApiKey, emulators } = launched
  const link = await signInLink(launched)
  return [
    `Atelier is up: ${settings.url}`,
    `  sign in      ${link ?? `${settings.url}/sign-in, with the API key`}`,
    ...(newApiKey ? [`  API key      ${newApiKey}`, `               shown only now, and stored in ${settings.dataDir}/api-key`] : []),
    ...Object.entries(SERVICES).filter(([name]) => settings.emulated[name as EmulatorName] && emulators)
      .map(([name, title]) => `  ${title.padEnd(13)}emulator, ${emulators?.[name as EmulatorName].url}`),
    '  Ctrl-C stops everything. All data is kept.',
  ]
}

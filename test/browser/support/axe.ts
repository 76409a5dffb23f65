import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

const standard = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']

/** What axe finds that is serious, each with where it is: on the whole page or within `within`, by the standard's rules or by `rules`. */
export async function violations(page: Page, { within, rules }: { within?: string, rules?: string[] } = {}): Promise<string[]> {
  // What it passed it would tell with every element. There are no frames to look into, for which it would open a page of its own.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode()
  if (within) axe.include(within)
  const { violations } = await (rules ? axe.withRules(rules) : axe.withTags(standard)).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html} ${node.any[0]?.message ?? ''}`))
}

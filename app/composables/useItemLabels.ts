import type { InjectionKey } from 'vue'

type Labels = Record<string, string>
const KEY: InjectionKey<() => Labels> = Symbol('item labels')

/** Gives the items of the runs on this page better labels than the API's, by item key: `Group 3 · Alpha` for `Group 3`. */
export const provideItemLabels = (labels: () => Labels): void => provide(KEY, labels)

/** Returns a function that labels a part of a subject: by the page's own label where there is one, otherwise by the API's. */
export function useItemLabels(): (part: { key: string, label: string }) => string {
  const labels = inject(KEY, () => ({} as Labels))
  return ({ key, label }) => labels()[key] ?? label
}

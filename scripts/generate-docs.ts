import { writeFile } from 'node:fs/promises'
import { pages } from './docs/pages.ts'
import { fromRoot } from './lib/root.ts'

/** Writes every document that follows from the sources. */
for (const { path, render } of pages) {
  await writeFile(fromRoot(path), render())
  console.log(path)
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { benchLectures, benchPost } from '../courses.ts'
import { startBench } from '../lib/bench.ts'

/** Runs the checkout in the working directory, and measures it whenever it is told to. */
const { launch } = await import(pathToFileURL(join(process.cwd(), 'scripts', 'lib', 'launcher.ts')).href)
const dataDir = await mkdtemp(join(tmpdir(), 'atelier-compare-'))
const stack = new AsyncDisposableStack()
stack.defer(() => rm(dataDir, { recursive: true, force: true }))
const bench = await startBench(dataDir, stack, launch)

async function end(code = 0): Promise<void> {
  await stack.disposeAsync()
  process.exit(code)
}

async function measure(): Promise<void> {
  const figures = [...await benchLectures(bench), ...await benchPost(bench)]
  process.send!([...figures, { name: 'memory of the server', value: bench.memory(), unit: 'MB' }])
}

process.on('disconnect', () => void end())
process.on('message', (message) => {
  if (message === 'stop') return void end()
  measure().catch((error: unknown) => {
    console.error(error)
    return end(1)
  })
})
process.send!('ready')

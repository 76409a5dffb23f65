import { start } from '../../../../emulators/sandbox/index.ts'

/** Runs the sandbox emulator, as a process that can be killed. */
const [dataDir = '', kind = ''] = process.argv.slice(2)
const { url, apiUrl, port, token } = await start({ dataDir, isolate: kind === 'isolated' })
console.log(JSON.stringify({ url, apiUrl, port, token }))

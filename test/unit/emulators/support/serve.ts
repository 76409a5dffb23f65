import { startEmulators } from '../../../../emulators/index.ts'

/** Serves the emulators on a folder. Tests start it as a child process that they kill. */
const [dataDir = ''] = process.argv.slice(2)
const { github, discord } = await startEmulators({ dataDir })
console.log(JSON.stringify({ github, discord }))
process.on('disconnect', () => process.exit())

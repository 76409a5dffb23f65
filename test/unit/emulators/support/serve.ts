import { startEmulators } from '../../../../emulators/index.ts'

/** Started by tests as a process of its own, to be killed: serves both emulators on the folder that it is given. */
const [dataDir = ''] = process.argv.slice(2)
const { github, discord } = await startEmulators({ dataDir })
console.log(JSON.stringify({ github, discord }))
process.on('disconnect', () => process.exit())

import { startBridge } from './bridge.ts'
import { makeFolder, readFile, unpack } from './files.ts'
import { killAll, killCommand, runCommand } from './commands.ts'
import { fail, reply } from './reply.ts'
import type { Request } from './protocol.ts'

/**
 * Runs within a sandbox, and does there what the emulator asks it: each line of its input is a request, each line of its
 * output a part of an answer. It ends with the emulator, and takes along all that it started.
 * Its arguments: the folder that is `/` (empty where the sandbox has a root of its own), and the socket that leads out.
 */
const [root = '', egress = ''] = process.argv.slice(2)

async function handle(request: Request): Promise<void> {
  try {
    switch (request.op) {
      case 'run': return runCommand(root, request)
      case 'kill': return killCommand(request)
      case 'mkdir': await makeFolder(root, request)
        break
      case 'unpack': await unpack(root, request)
        break
      case 'read': await readFile(root, request)
    }
    reply({ id: request.id, done: true })
  }
  catch (error) {
    fail(request.id, error)
  }
}

function end(): never {
  killAll()
  process.exit(0)
}

let rest = ''
process.stdin.setEncoding('utf8')
process.stdin.on('data', (text: string) => {
  const lines = (rest + text).split('\n')
  rest = lines.pop() ?? ''
  for (const line of lines) void handle(JSON.parse(line) as Request)
})
process.stdin.once('end', end)
process.stdin.once('error', end)
// The emulator was killed, and nobody reads any more.
process.stdout.once('error', end)

if (egress) await startBridge(egress)
reply({ id: 0, done: true })

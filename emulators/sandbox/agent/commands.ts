import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { StringDecoder } from 'node:string_decoder'
import type { Readable } from 'node:stream'
import { locate } from './paths.ts'
import type { RequestOf } from './protocol.ts'
import { drained, reply } from './reply.ts'

/** As long a command's own children may hold its output open after its end. */
const OUTPUT_GRACE_MS = 250
/** The exit codes of shells for a program that is not there, and for one that may not be run. */
const NOT_FOUND = 127
const NOT_ALLOWED = 126

const running = new Map<number, ChildProcess>()
/** Every process group that was started: what a command leaves behind is in its group, unless it left that, too. */
const groups = new Set<number>()

/** Runs a program with the environment of the request and nothing else. Answers with its output as it comes, and its exit code. */
export function runCommand(root: string, { id, command, args, cwd, env, timeout }: RequestOf<'run'>): void {
  const child = spawn(command, args, { cwd: locate(root, cwd), env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  running.set(id, child)
  if (child.pid) groups.add(child.pid)
  const timer = timeout ? setTimeout(() => kill(child, 'SIGKILL'), timeout) : undefined
  const outputs = [forward(id, 'stdout', child.stdout), forward(id, 'stderr', child.stderr)]
  child.once('error', (error: NodeJS.ErrnoException) => {
    reply({ id, stream: 'stderr', data: `${command}: ${error.code === 'ENOENT' ? 'not found' : error.message}\n` })
    finish(error.code === 'ENOENT' ? NOT_FOUND : NOT_ALLOWED)
  })
  child.once('exit', (code, signal) => {
    const grace = new Promise(resolve => setTimeout(resolve, OUTPUT_GRACE_MS).unref())
    void Promise.race([Promise.all(outputs), grace]).then(() => finish(code ?? 128 + constants.signals[signal!]))
  })
  const finish = (exitCode: number) => {
    clearTimeout(timer)
    if (running.delete(id)) reply({ id, exitCode })
  }
}

/** Sends a signal to a command and its children. */
export function killCommand({ id, signal }: RequestOf<'kill'>): void {
  const child = running.get(id)
  if (child) kill(child, signal)
}

// The number of a group that has ended may become another one's, which is none of ours.
setInterval(() => {
  for (const group of groups) killGroup(group, 0)
}, 1_000).unref()

/** Ends all commands, and what they left behind. */
export function killAll(): void {
  for (const group of groups) killGroup(group, 'SIGKILL')
}

function kill(child: ChildProcess, signal: number | NodeJS.Signals): void {
  if (child.pid) killGroup(child.pid, signal)
}

function killGroup(group: number, signal: number | NodeJS.Signals): void {
  try {
    process.kill(-group, signal)
  }
  catch {
    // It has ended.
    groups.delete(group)
  }
}

/** Sends output on as text, never half a character. Resolves at its end. */
async function forward(id: number, stream: 'stdout' | 'stderr', output: Readable): Promise<void> {
  const decoder = new StringDecoder('utf8')
  const send = async (data: string) => {
    if (data && running.has(id) && !reply({ id, stream, data })) await drained()
  }
  for await (const chunk of output) await send(decoder.write(chunk as Buffer))
  await send(decoder.end())
}

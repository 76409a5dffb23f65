import { setTimeout as wait } from 'node:timers/promises'
import type { Session } from '@vercel/sandbox'
import { ProviderError } from '../errors'
import { calling } from './client'
import { Output } from './output'

/** One program with its arguments. No shell reads them. */
export interface CommandPlan {
  command: string
  args: string[]
  /** The whole environment of the command, besides a `PATH`. */
  env?: Record<string, string>
  cwd?: string
  /** The command is killed after so many milliseconds. */
  timeoutMs: number
}

export interface CommandResult { exitCode: number, stdout: string, stderr: string }

type Started = Awaited<ReturnType<Session['getCommand']>>

const PAUSE_MS = 500
/** So often in a row the service may fail before the command counts as lost. */
const MAX_FAILURES = 5

/**
 * Runs a command to its end, however often the connection is lost meanwhile: the sandbox goes on without it, and keeps
 * the output. So a command is started once and then only followed.
 * @throws ProviderError SANDBOX_STOPPED when the sandbox ends first
 */
export async function runToEnd(session: Session, { command, timeoutMs, ...plan }: CommandPlan): Promise<CommandResult> {
  const started = await calling(command, () => session.runCommand({ cmd: command, ...plan, timeoutMs, detached: true }))
  for (let failures = 0; ;) {
    try {
      const output = await calling(command, () => outputOf(started))
      const { exitCode } = await calling(command, () => session.getCommand(started.cmdId))
      if (exitCode !== null) return { exitCode, ...output }
      failures = 0
    }
    catch (error) {
      if (!(error instanceof ProviderError) || !error.retryable || ++failures >= MAX_FAILURES) throw error
    }
    await wait(PAUSE_MS)
  }
}

/** Everything that a command prints until it ends, from the start. */
async function outputOf(command: Started): Promise<Pick<CommandResult, 'stdout' | 'stderr'>> {
  const outputs = { stdout: new Output(), stderr: new Output() }
  for await (const { stream, data } of command.logs()) outputs[stream].write(data)
  return { stdout: outputs.stdout.read(), stderr: outputs.stderr.read() }
}

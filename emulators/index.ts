import { join } from 'node:path'
import type { Emulator, StartOptions } from './core/types.ts'
import { emulatorNames } from './defaults.ts'
import type { EmulatorName } from './defaults.ts'
import { start as startDiscord } from './discord/index.ts'
import { start as startFigma } from './figma/index.ts'
import { start as startGitHub } from './github/index.ts'
import { start as startHuggingFace } from './huggingface/index.ts'
import { start as startKv } from './kv/index.ts'
import { start as startSandbox } from './sandbox/index.ts'
import type { SandboxOptions } from './sandbox/index.ts'

export type { Emulator } from './core/types.ts'

const starters = {
  github: startGitHub,
  discord: startDiscord,
  huggingface: startHuggingFace,
  figma: startFigma,
  kv: startKv,
  sandbox: startSandbox,
} satisfies Record<EmulatorName, (options: StartOptions & SandboxOptions) => Promise<Emulator>>

export interface StartEmulatorsOptions {
  /** Parent folder of the emulators' folders. */
  dataDir: string
  /** 0 or absent: any free port. */
  ports?: Partial<Record<EmulatorName, number>>
}

export type Emulators = Record<EmulatorName, Emulator> & { close(): Promise<void> }

/** Starts all emulators in this process. */
export async function startEmulators({ dataDir, ports = {} }: StartEmulatorsOptions): Promise<Emulators> {
  /** What sandboxes may reach: the emulators of services. KV has the sessions of others. */
  const hosts: string[] = []
  const reachable = () => hosts
  const results = await Promise.allSettled(emulatorNames.map(name =>
    starters[name]({ port: ports[name], dataDir: join(dataDir, name), reachable })))
  const started = results.filter(result => result.status === 'fulfilled').map(result => result.value)
  const close = async () => {
    await Promise.all(started.map(emulator => emulator.close()))
  }
  const failed = results.find(result => result.status === 'rejected')
  if (failed) {
    await close()
    throw failed.reason
  }
  const byName = Object.fromEntries(emulatorNames.map((name, n) => [name, started[n]])) as Record<EmulatorName, Emulator>
  for (const { url } of [byName.github, byName.discord, byName.huggingface, byName.figma]) hosts.push(new URL(url).host)
  return { ...byName, close }
}

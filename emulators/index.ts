import { join } from 'node:path'
import type { Emulator } from './core/types.ts'
import { start as startDiscord } from './discord/index.ts'
import { start as startGitHub } from './github/index.ts'

export type { Emulator } from './core/types.ts'

export interface StartEmulatorsOptions {
  /** Parent of each emulator's own folder. */
  dataDir: string
  /** 0 or absent: any free port. */
  githubPort?: number
  discordPort?: number
}

export interface Emulators {
  github: Emulator
  discord: Emulator
  close(): Promise<void>
}

/** Starts all emulators in this process. */
export async function startEmulators(options: StartEmulatorsOptions): Promise<Emulators> {
  const github = await startGitHub({ port: options.githubPort, dataDir: join(options.dataDir, 'github') })
  try {
    const discord = await startDiscord({ port: options.discordPort, dataDir: join(options.dataDir, 'discord') })
    const close = async () => {
      await Promise.all([github.close(), discord.close()])
    }
    return { github, discord, close }
  }
  catch (error) {
    await github.close()
    throw error
  }
}

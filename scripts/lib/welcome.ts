import type { EmulatorName } from '../../emulators/defaults.ts'
import type { Launched } from './launcher.ts'

const SERVICES: Record<EmulatorName, string> = { github: 'GitHub', discord: 'Discord', huggingface: 'Hugging Face', figma: 'Figma' }

/** A one-time link that signs a browser in as the owner; nothing where there is no key to ask with. */
export async function signInLink({ settings, apiKey }: Launched): Promise<string | undefined> {
  if (!apiKey) return undefined
  const answer = await fetch(`${settings.url}/api/sessions/links`, { method: 'POST', headers: { 'x-api-key': apiKey } })
  if (!answer.ok) return undefined
  const { url } = await answer.json() as { url: string }
  return url
}

/** What a person wants to know once everything runs. */
export async function welcome(launched: Launched): Promise<string[]> {
  const { settings, newApiKey, emulators } = launched
  const link = await signInLink(launched)
  return [
    `Atelier is up: ${settings.url}`,
    ...(link ? [`  sign in      ${link}`] : []),
    ...(newApiKey ? [`  API key      ${newApiKey}`, `               shown this once, and kept in ${settings.dataDir}/api-key`] : []),
    ...Object.entries(SERVICES).filter(([name]) => settings.emulated[name as EmulatorName] && emulators)
      .map(([name, title]) => `  ${title.padEnd(13)}emulator, ${emulators?.[name as EmulatorName].url}`),
    '  Ctrl-C stops everything; what was made is kept.',
  ]
}

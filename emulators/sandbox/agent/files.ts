import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { locate } from './paths.ts'
import type { RequestOf } from './protocol.ts'
import { drained, Refused, reply } from './reply.ts'

export async function makeFolder(root: string, { path }: RequestOf<'mkdir'>): Promise<void> {
  await mkdir(locate(root, path), { recursive: true })
}

/** Answers with the content, one part after the other as the emulator reads them. */
export async function readFile(root: string, { id, path }: RequestOf<'read'>): Promise<void> {
  const file = locate(root, path)
  if ((await stat(file)).isDirectory()) throw new Refused('bad_request', `${path} is a folder.`)
  for await (const chunk of createReadStream(file, { highWaterMark: 192 * 1024 }))
    if (!reply({ id, chunk: (chunk as Buffer).toString('base64') })) await drained()
}

/** Unpacks an archive. tar itself refuses names with `..` and drops the slash before a name, but it follows links. */
export async function unpack(root: string, { archive }: RequestOf<'unpack'>): Promise<void> {
  const bytes = Buffer.from(archive, 'base64')
  if (root !== '') for (const name of (await tar(['-tzf', '-'], bytes)).split('\n')) locate(root, name, '/')
  await tar(['-xzf', '-', '-C', root || '/', '--no-same-owner'], bytes)
}

/** @returns what it prints @throws Refused when it fails */
async function tar(args: string[], input: Buffer): Promise<string> {
  const child = spawn('tar', args, { env: { PATH: process.env.PATH }, stdio: 'pipe' })
  const [printed, said] = [child.stdout, child.stderr].map(stream => text(stream)) as [Promise<string>, Promise<string>]
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [code] = await once(child, 'close') as [number | null]
  if (code !== 0) throw new Refused('bad_request', (await said).trim() || 'The files could not be written.')
  return printed
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
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

/** Unpacks an archive. tar itself refuses names with `..` and drops the slash before a name. */
export async function unpack(root: string, { archive }: RequestOf<'unpack'>): Promise<void> {
  const tar = spawn('tar', ['-xzf', '-', '-C', root || '/', '--no-same-owner'], {
    env: { PATH: process.env.PATH }, stdio: ['pipe', 'ignore', 'pipe'],
  })
  let said = ''
  tar.stderr.setEncoding('utf8').on('data', (text: string) => said += text)
  tar.stdin.on('error', () => {})
  tar.stdin.end(Buffer.from(archive, 'base64'))
  const [code] = await once(tar, 'close') as [number | null]
  if (code !== 0) throw new Refused('bad_request', said.trim() || 'The files could not be written.')
}

import { readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { getRequestListener } from '@hono/node-server'

/** One function of a build, served over HTTP the way Vercel's Node.js launcher does: `node function.ts <folder>` prints its port. */
const folder = process.argv[2]!
const { handler } = JSON.parse(readFileSync(join(folder, '.vc-config.json'), 'utf8')) as { handler: string }
const path = join(folder, handler)

type Exports = { default?: RequestListener, POST?: (request: Request) => Promise<Response> }
const exported = (handler.endsWith('.mjs') ? await import(pathToFileURL(path).href) : createRequire(path)(path)) as Exports
const listener = exported.POST ? getRequestListener(request => exported.POST!(request)) : exported.default!

const server = createServer((request, response) => void listener(request, response)).listen(0, '127.0.0.1', () => {
  process.send!((server.address() as { port: number }).port)
})
process.on('disconnect', () => process.exit())

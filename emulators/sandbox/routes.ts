import { randomUUID } from 'node:crypto'
import { posix } from 'node:path'
import { z } from 'zod'
import { HOME } from './agent/protocol.ts'
import type { Call, EarlyCall, Route } from '../core/pipeline.ts'
import { json } from '../core/response.ts'
import type { Command } from './commands.ts'
import { badRequest } from './errors.ts'
import { readPolicy } from './policy.ts'
import { errorOf } from './machine.ts'
import type { SessionRecord } from './records.ts'
import type { Running } from './running.ts'
import type { Sandboxes } from './sandboxes.ts'
import { pageOf, sandboxInfo, sessionInfo, snapshotInfo } from './serializers.ts'
import type { Store } from './store.ts'

type SandboxCall = Call<unknown>

export interface Backend { store: Store, sandboxes: Sandboxes, running: Running }

const NAME = /^[\w.-]{1,128}$/

const variables = z.record(z.string().regex(/^[^=\0]+$/), z.string().regex(/^[^\0]*$/))
const word = z.string().regex(/^[^\0]*$/, 'has a NUL')
const count = z.number().min(0)

const createSchema = z.object({
  name: z.string().regex(NAME).optional(),
  projectId: z.string(),
  ports: z.array(z.number()).max(0, 'the emulator exposes no ports').optional(),
  source: z.object({
    type: z.literal('snapshot', 'the emulator starts from nothing or from a snapshot'),
    snapshotId: z.string(),
  }).optional(),
  timeout: count.default(300_000),
  resources: z.object({ vcpus: z.number(), memory: z.number().optional() }).optional(),
  runtime: z.string().default('node24'),
  persistent: z.boolean().default(true),
  networkPolicy: z.unknown().optional(),
  env: variables.default({}),
  tags: z.record(z.string(), z.string()).optional(),
  snapshotExpiration: count.optional(),
})
const updateSchema = z.object({
  persistent: z.boolean().optional(),
  timeout: count.optional(),
  tags: z.record(z.string(), z.string()).optional(),
  snapshotExpiration: count.optional(),
  networkPolicy: z.unknown().optional(),
})
const commandSchema = z.object({
  command: word.min(1),
  args: z.array(word).default([]),
  cwd: word.default(HOME),
  env: variables.default({}),
  wait: z.boolean().default(false),
  timeout: count.optional(),
})
const pathSchema = z.object({ path: word.min(1), cwd: word.optional() })

function parse<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const { success, data, error } = schema.safeParse(body)
  if (!success) throw badRequest(z.prettifyError(error))
  return data
}

const policyOf = (body: unknown) => body === undefined ? undefined : readPolicy(body)

/** The operations of Vercel's API that `@vercel/sandbox` calls. */
export function apiRoutes(backend: Backend): Route<unknown>[] {
  const { store, sandboxes, running } = backend

  const answer = (session: SessionRecord, more: object = {}) => json({
    sandbox: sandboxInfo(store.sandbox(session.sandbox), session), session: sessionInfo(session), routes: [], ...more,
  })
  const sandboxName = (call: EarlyCall) => call.param('name')
  const sessionName = (call: EarlyCall) => store.sessions.get(call.param('session'))?.sandbox ?? call.param('session')
  const active = (call: SandboxCall) => sandboxes.running(call.param('session'))
  const commandOf = (call: SandboxCall) => running.command(active(call), call.param('command'))

  async function create(call: SandboxCall): Promise<Response> {
    const { name = `sandbox-${randomUUID()}`, source, resources, networkPolicy, ...wanted } = parse(createSchema, call.body)
    const { projectId: _, ports: __, ...rest } = wanted
    const vcpus = resources?.vcpus ?? 2
    return answer(await sandboxes.create({
      ...rest, name, vcpus, memory: resources?.memory ?? vcpus * 2048,
      networkPolicy: policyOf(networkPolicy) ?? { mode: 'allow-all' }, snapshotId: source?.snapshotId,
    }))
  }

  const creation = {
    method: 'POST',
    operation: 'createSandbox',
    subject: (call: EarlyCall) => String(call.body.name ?? ''),
    handler: create,
  } as const
  const ofSandbox = { path: '/v2/sandboxes/:name', subject: sandboxName }
  const ofSession = (path: string) => ({ path: `/v2/sandboxes/sessions/:session${path}`, subject: sessionName })

  return [
    { ...creation, path: '/v2/sandboxes' },
    { ...creation, path: '/v3/sandboxes' },
    {
      method: 'GET',
      path: '/v2/sandboxes',
      operation: 'listSandboxes',
      handler: ({ query }) => {
        const [key, value] = query('tags')?.split(':') ?? []
        const found = store.sandboxes.list(({ name, tags }) =>
          name.startsWith(query('namePrefix') ?? '') && (key === undefined || tags?.[key] === value))
        const { items, pagination } = pageOf(found, query('cursor'), query('limit'))
        return json({ sandboxes: items.map(sandbox => sandboxInfo(sandbox, store.session(sandbox.currentSessionId))), pagination })
      },
    },
    {
      method: 'GET',
      path: '/v2/sandboxes/snapshots',
      operation: 'listSnapshots',
      handler: ({ query }) => {
        const { items, pagination } = pageOf(sandboxes.snapshots(query('name')), query('cursor'), query('limit'))
        return json({ snapshots: items.map(snapshotInfo), pagination })
      },
    },
    {
      method: 'GET',
      path: '/v2/sandboxes/snapshots/:id',
      operation: 'getSnapshot',
      subject: call => call.param('id'),
      handler: call => json({ snapshot: snapshotInfo(sandboxes.snapshot(call.param('id'))) }),
    },
    {
      method: 'DELETE',
      path: '/v2/sandboxes/snapshots/:id',
      operation: 'deleteSnapshot',
      subject: call => call.param('id'),
      handler: async call => json({ snapshot: snapshotInfo(await sandboxes.deleteSnapshot(call.param('id'))) }),
    },
    {
      method: 'GET',
      path: '/v2/sandboxes/sessions',
      operation: 'listSessions',
      handler: ({ query }) => {
        const found = store.sessions.list(({ sandbox }) => query('name') === undefined || sandbox === query('name'))
        const { items, pagination } = pageOf(found, query('cursor'), query('limit'))
        return json({ sessions: items.map(sessionInfo), pagination })
      },
    },
    {
      ...ofSession(''),
      method: 'GET',
      operation: 'getSession',
      handler: call => json({ session: sessionInfo(store.session(call.param('session'))), routes: [] }),
    },
    {
      ...ofSandbox,
      method: 'GET',
      operation: 'getSandbox',
      handler: async (call) => {
        if (call.query('resume') !== 'true') return answer(store.session(store.sandbox(call.param('name')).currentSessionId))
        const { session, resumed } = await sandboxes.resume(call.param('name'))
        return answer(session, { resumed })
      },
    },
    {
      ...ofSandbox,
      method: 'PATCH',
      operation: 'updateSandbox',
      handler: (call) => {
        const { networkPolicy, ...change } = parse(updateSchema, call.body)
        const policy = policyOf(networkPolicy)
        const sandbox = store.changeSandbox(store.sandbox(call.param('name')), { ...change, ...(policy && { networkPolicy: policy }) })
        return json({ sandbox: sandboxInfo(sandbox, store.session(sandbox.currentSessionId)) })
      },
    },
    {
      ...ofSandbox,
      method: 'DELETE',
      operation: 'deleteSandbox',
      handler: async (call) => {
        const sandbox = await sandboxes.delete(call.param('name'))
        return json({ sandbox: sandboxInfo(sandbox, store.session(sandbox.currentSessionId)) })
      },
    },
    {
      ...ofSession('/stop'),
      method: 'POST',
      operation: 'stopSession',
      handler: async (call) => {
        const { session, snapshot } = await sandboxes.stop(call.param('session'))
        return json({ session: sessionInfo(session), ...(snapshot && { snapshot: snapshotInfo(snapshot) }) })
      },
    },
    {
      ...ofSession('/snapshot'),
      method: 'POST',
      operation: 'createSnapshot',
      handler: async (call) => {
        const { expiration } = parse(z.object({ expiration: count.optional() }), call.body)
        const { session, snapshot } = await sandboxes.takeSnapshot(call.param('session'), expiration)
        return json({ session: sessionInfo(session), snapshot: snapshotInfo(snapshot) })
      },
    },
    {
      ...ofSession('/extend-timeout'),
      method: 'POST',
      operation: 'extendTimeout',
      handler: (call) => {
        const { duration } = parse(z.object({ duration: count }), call.body)
        return json({ session: sessionInfo(sandboxes.extend(call.param('session'), duration)) })
      },
    },
    {
      ...ofSession('/network-policy'),
      method: 'POST',
      operation: 'updateNetworkPolicy',
      handler: call => json({ session: sessionInfo(store.changeSession(active(call), { networkPolicy: readPolicy(call.body) })) }),
    },
    {
      ...ofSession('/cmd'),
      method: 'POST',
      operation: 'runCommand',
      subject: call => [sessionName(call), call.body.command, Array.isArray(call.body.args) ? call.body.args[0] : ''].join(' ').trim(),
      handler: async (call) => {
        const { wait, ...plan } = parse(commandSchema, call.body)
        const session = active(call)
        const command = await running.start(session, store.sandboxes.get(session.sandbox), plan)
        return wait ? stream(waited(command)) : json({ command: command.record })
      },
    },
    {
      ...ofSession('/cmd/:command'),
      method: 'GET',
      operation: 'getCommand',
      handler: async (call) => {
        const command = await commandOf(call)
        if (call.query('wait') === 'true') await command.ended()
        return json({ command: command.record })
      },
    },
    {
      ...ofSession('/cmd/:command/logs'),
      method: 'GET',
      operation: 'getCommandLogs',
      handler: async call => stream((await commandOf(call)).follow()),
    },
    {
      ...ofSession('/cmd/:command/kill'),
      method: 'POST',
      operation: 'killCommand',
      handler: async (call) => {
        const { signal } = parse(z.object({ signal: z.int().min(1).max(64) }), call.body)
        const command = await commandOf(call)
        command.kill(signal)
        return json({ command: command.record })
      },
    },
    {
      ...ofSession('/fs/mkdir'),
      method: 'POST',
      operation: 'makeFolder',
      handler: async (call) => {
        await (await running.machine(active(call))).run({ op: 'mkdir', path: pathOf(call) })
        return json({})
      },
    },
    {
      ...ofSession('/fs/write'),
      method: 'POST',
      operation: 'writeFiles',
      handler: async (call) => {
        if (call.header('x-cwd') !== '/') throw badRequest('The emulator takes names that are relative to /.')
        await (await running.machine(active(call))).run({ op: 'unpack', archive: call.bytes.toString('base64') })
        return json({})
      },
    },
    {
      ...ofSession('/fs/read'),
      method: 'POST',
      operation: 'readFile',
      handler: async call => readFile(await running.machine(active(call)), pathOf(call)),
    },
  ]
}

function pathOf(call: SandboxCall): string {
  const { path, cwd = HOME } = parse(pathSchema, call.body)
  return posix.resolve(HOME, cwd, path)
}

/** The answer to a command that is waited for: what it is, its output, how it ended. */
async function* waited(command: Command): AsyncGenerator<object> {
  yield { command: { ...command.record } }
  yield* command.follow()
  yield { command: command.record }
}

/** One JSON value a line, each as soon as there is one. */
function stream(lines: AsyncGenerator<object>): Response {
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await lines.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`))
    },
    async cancel() {
      await lines.return(undefined)
    },
  })
  return new Response(body, { headers: { 'content-type': 'application/x-ndjson' } })
}

/** The content of a file as it is read. @throws HttpError before the first part of it */
async function readFile(machine: Awaited<ReturnType<Running['machine']>>, path: string): Promise<Response> {
  const first = Promise.withResolvers<undefined>()
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      machine.ask({ op: 'read', path }, (reply) => {
        const error = errorOf(reply)
        if (error) {
          first.reject(error)
          controller.error(error)
          return
        }
        first.resolve(undefined)
        if (reply && 'chunk' in reply) controller.enqueue(Buffer.from(reply.chunk, 'base64'))
        else controller.close()
      })
    },
  })
  await first.promise
  return new Response(body, { headers: { 'content-type': 'application/octet-stream' } })
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { serverScript } from '../../scripts/lib/build.ts'
import { own } from '../../scripts/lib/own.ts'
import { expectExactlyOnce } from '../chaos/exactly-once.ts'
import { startAtelier, type Atelier } from '../support/atelier.ts'
import { combined } from '../support/courses.ts'
import { createDatabase } from '../support/database.ts'
import { follow } from '../support/events.ts'
import { type Pooler, startPooler } from '../support/pooler.ts'
import { useStack } from '../support/stack.ts'
import { until } from '../support/until.ts'

describe('a variable with a wrong value', () => {
  const wrong: [Record<string, string>, string, string][] = [
    [{ QUEUE_CONCURRENCY: 'many' }, 'QUEUE_CONCURRENCY is \\"many\\". It must be a whole number from 1', 'Correct QUEUE_CONCURRENCY'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL is \\"loud\\". It must be one of trace, debug', 'Correct LOG_LEVEL'],
    [{ FIGMA_API_URL: 'figma' }, 'FIGMA_API_URL is \\"figma\\". It must be an address that begins with http', 'Correct FIGMA_API_URL'],
    [{ DATABASE_URL: 'mysql://me:planted-password@db/x' }, 'DATABASE_URL has a wrong form. It must be an address', 'Correct DATABASE_URL'],
    [{ API_KEY: 'only-31-characters-are-too-few!', HOST: '0.0.0.0' }, 'API_KEY has under 32 characters', 'openssl rand -hex 32'],
    [{ API_KEY: 'short', HOST: '' }, 'other machines can reach this server', 'HOST=127.0.0.1'],
    [{ DATABASE_POOLED: 'true' }, 'DATABASE_DIRECT_URL is not set', 'past the pooler'],
  ]

  it.each(wrong)('%j ends the server as it starts, which says what it must be', async (env, message, fix) => {
    const { code, output } = await boot(env)
    expect(code, output).toBe(78)
    expect(output).toContain(message)
    expect(output).toContain(fix)
    expect(output).not.toContain('planted-password')
  })

  async function boot(env: Record<string, string>): Promise<{ code: number, output: string }> {
    const child = spawn(process.execPath, [serverScript], { env: {
      PATH: process.env.PATH, NODE_ENV: 'production', HOST: '127.0.0.1', PORT: '1',
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', API_KEY: 'x'.repeat(32), ...env,
    } })
    onTestFinished(() => void child.kill('SIGKILL'))
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    const [code] = await once(child, 'close') as [number]
    return { code, output }
  }
})

describe('a server behind a transaction pooler, with a way past it for its runtime', () => {
  const stack = useStack()
  let pooler: Pooler
  let atelier: Atelier
  beforeAll(async () => {
    const database = await own(stack, createDatabase, made => made.drop())
    pooler = await own(stack, () => startPooler(database.url), started => started.close())
    atelier = await own(
      stack, () => startAtelier({ env: { DATABASE_URL: pooler.url, DATABASE_DIRECT_URL: database.url } }), started => started.close(),
    )
  })

  it('provisions a course once and tells of it, though the pooler drops everybody in the middle', async () => {
    const hold = await atelier.github.fault({ operation: 'repos/create-in-org', when: 'after', action: 'hold' })
    const { body: course } = await atelier.api.createCourse(combined('Pooled', 3))
    await atelier.github.reached(hold)
    pooler.dropClients()
    const stream = await until(async () => {
      const opened = await follow(atelier, `/api/runs/${course.run.id}/events`)
      // The first to find its connection dropped may have to ask again.
      return opened.response.ok ? opened : undefined
    })
    await atelier.github.removeFault(hold)
    await expectExactlyOnce(atelier, await atelier.api.reached(course.id, 'COMPLETED'))
    await stream.ended
    expect(stream.events.at(-2)!.data).toMatchObject({ status: 'completed' })
    expect(pooler.sessionUses).toEqual([])
    expect(pooler.swaps()).toBeGreaterThan(10)
  })
})

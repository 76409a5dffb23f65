import { Writable } from 'node:stream'
import pino from 'pino'
import { afterEach, expect, it, vi } from 'vitest'
import { logOptions } from '../../../../server/lib/log.ts'
import { onBehalfOf } from '../../../../server/lib/request-context.ts'

afterEach(() => void vi.unstubAllEnvs())

function lines(write: (log: pino.Logger) => void): string {
  let output = ''
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      output += chunk.toString()
      done()
    },
  })
  write(pino({ ...logOptions, level: 'info' }, stream))
  return output
}

it('every text of a line is redacted, also in a message, in lists and in objects', () => {
  vi.stubEnv('GITHUB_TOKEN', 'planted-token-of-nobody')
  const said = 'said planted-token-of-nobody'
  const output = lines(log => log.info({ said, list: [{ said: { said } }], at: new Date(0) }, said))
  expect(output).not.toContain('planted')
  const redacted = 'said [redacted]'
  expect(JSON.parse(output)).toMatchObject({ said: redacted, list: [{ said: { said: redacted } }], msg: redacted, level: 30 })
})

it('an error is logged with its code and frames, and without the values of its query', () => {
  const cause = Object.assign(new Error('invalid input'), { code: '22P02', detail: 'Key (name)=(Ada) exists.', parameters: ['Ada'] })
  const error = Object.assign(new Error('Failed query: select $1\nparams: Ada', { cause }), { query: 'select $1', params: ['Ada'] })
  const output = lines(log => log.error({ error }, 'A request failed.'))
  expect(output).not.toContain('Ada')
  const { error: logged } = JSON.parse(output) as { error: Record<string, string> }
  expect(logged).toMatchObject({ message: 'Failed query: select $1: invalid input', code: '22P02' })
  expect(logged.stack).toContain('log.test')
})

it('a line of work that comes of a request has its id, unless it names another', () => {
  const output = lines((log) => {
    log.info('no request')
    onBehalfOf('one', () => {
      log.info({ runId: 'x' }, 'a request')
      log.info({ requestId: 'two' }, 'another')
    })
  })
  expect(output.trim().split('\n').map(line => (JSON.parse(line) as { requestId?: string }).requestId)).toEqual([undefined, 'one', 'two'])
})

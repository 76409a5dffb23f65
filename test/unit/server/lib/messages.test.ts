import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { providerError, ProviderError } from '../../../../server/lib/errors.ts'
import { areas, failure, type MessageId, messages, write } from '../../../../server/lib/messages/index.ts'
import type { Message } from '../../../../server/lib/messages/message.ts'
import { resourceName } from '../../../../server/lib/messages/resource-names.ts'
import { tooManyRequests } from '../../../../server/lib/too-many-requests.ts'
import { problem } from '../../../../server/http/problem.ts'

const ids = Object.keys(messages) as MessageId[]
const placeholders = new Proxy({}, { get: (_, name) => `{${String(name)}}` })
const MOST_WORDS = 25
/** Text of somebody else ends a message as it is. */
const VERBATIM = /(^|[:.] )\{(said|faults|problems|where)\}$/

it.each(ids)('%s says what happened, why and what to do in short sentences', (id) => {
  const { message, why, fix } = write(id, placeholders)
  for (const text of [message, why, fix]) {
    expect(VERBATIM.test(text) || text.endsWith('.'), text).toBe(true)
    for (const sentence of text.split(/(?<=\.)\s+/)) {
      expect(sentence).toMatch(/^[A-Z{0-9]/)
      expect(sentence.split(/\s+/).length, sentence).toBeLessThanOrEqual(MOST_WORDS)
    }
  }
  expect(fix, 'it tells people to do something').not.toMatch(/^(Nothing|It|The|You)\b/)
})

describe('the catalog', () => {
  it('has each id in one area', () => {
    expect(Object.values(areas).flatMap(area => Object.keys(area)).sort()).toEqual([...ids].sort())
  })

  it('has no two messages with one code and the same texts', () => {
    const texts = ids.map(id => JSON.stringify(write(id, placeholders)))
    expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([])
  })

  it('has messages that answer a request, that are about a service, and others, but none that is two of these', () => {
    const both = ids.filter((id) => {
      const { status, retryable }: Message = messages[id]
      return status !== undefined && retryable !== undefined
    })
    expect(both).toEqual([])
  })

  it('compiles with no wrong id and no wrong details, as the type check sees here', () => {
    const mistakes = [
      // @ts-expect-error There is no such message.
      () => failure('NO_SUCH_MESSAGE'),
      // @ts-expect-error The name of the repository is absent.
      () => providerError('REPO_NOT_OURS', {}),
      // @ts-expect-error The details are absent.
      () => providerError('REPO_NOT_OURS'),
      // @ts-expect-error The message takes a name.
      () => providerError('REPO_NOT_OURS', { repo: 'a/b' }),
      // @ts-expect-error The message takes nothing else.
      () => providerError('REPO_NOT_OURS', { name: 'a/b', branch: 'c' }),
      // @ts-expect-error The message takes no details.
      () => problem('TASK_TAKEN', { task: 'a' }),
      // @ts-expect-error It is not about a service.
      () => providerError('TASK_TAKEN'),
      // @ts-expect-error It does not answer a request.
      () => problem('REPO_NOT_OURS', { name: 'a/b' }),
      // @ts-expect-error The time to wait is absent.
      () => tooManyRequests('SERVER_BEHIND', { delayMs: 3 }),
    ]
    expect(mistakes).not.toHaveLength(0)
  })
})

describe('a message becomes', () => {
  it('an error of a service', () => {
    const cause = new Error('no answer')
    const error = providerError('BRANCH_NOT_FOUND', { repo: 'a/b', branch: 'main' }, { cause, retryAfter: 5 })
    expect(error).toBeInstanceOf(ProviderError)
    expect(error).toMatchObject({
      code: 'PARENT_NOT_FOUND', name: 'ParentResourceNotFoundError', message: 'The repository a/b has no branch main.',
      retryable: false, retryAfter: 5, cause,
    })
  })

  it('an answer to a request', () => {
    const errors = [{ field: 'external_repo_id', message: 'm', fix: 'f' }]
    const { statusCode, data } = problem('REPO_NAME_INVALID', { service: 'GitHub' }, { errors })
    expect(statusCode).toBe(400)
    expect(data).toMatchObject({ status: 400, title: 'Bad request', code: 'VALIDATION_FAILED', errors })
    expect(data).toMatchObject({ why: 'GitHub repositories are named owner/name.' })
  })

  it('an answer that says when to come back', () => {
    expect(tooManyRequests('QUEUE_FULL', { limit: 9, ended: 1, seconds: 7 })).toMatchObject({
      code: 'QUEUE_FULL', retryAfterSeconds: 7, fix: 'Wait 7 s and send the same request again; nothing was done.',
    })
  })

  it('a failure that is stored', () => {
    expect(failure('SUBJECT_GONE', { subject: 'course' })).toEqual({
      code: 'SUBJECT_GONE',
      message: 'The course was deleted.',
      why: 'Somebody deleted it after the run was requested.',
      fix: 'Create the course again if you still need it.',
    })
  })
})

it('resources have the names that people use', () => {
  expect(['REPO', 'BRANCH_PROTECTION', 'ROLE'].map(resourceName)).toEqual(['repository', 'branch protection', 'role'])
})

describe('no text stands where it is thrown', () => {
  const server = fileURLToPath(new URL('../../../../server', import.meta.url))
  const folders = ['lib', 'http', 'middleware', 'projects', 'contributors', 'challenges', 'workspaces/providers', 'api']
  /** Their texts are still where they are thrown. */
  const others = /^(lib\/(messages|env|rate-limits)\b|lib\/(errors|too-many-requests)\.ts|api\/(runs|courses|workspaces)\/)/
  const files = folders.flatMap(folder => readdirSync(join(server, folder), { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile() && entry.name.endsWith('.ts'))
    .map(entry => relative(server, join(entry.parentPath, entry.name)))
    .concat('error-handler.ts')
    .filter(file => !others.test(file))

  it.each([
    ['errors of services', /new (ProviderError|TooManyRequests)\(/],
    ['problems', /\bproblem\(\{/],
    ['reasons', /\bwhy: ['"`]/],
  ])('%s', (_, pattern) => {
    expect(files.length).toBeGreaterThan(50)
    expect(files.filter(file => pattern.test(readFileSync(join(server, file), 'utf8')))).toEqual([])
  })
})

import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi'
import { version } from '../../package.json'
import { operations, type Operation } from '../../shared/contract'
import { Problem } from '../../shared/schemas/problem'
import { z } from 'zod'

let description: ReturnType<typeof createDocument> | undefined

/** The OpenAPI 3.1 description of the API, generated from the contract. */
export const describeApi = () => description ??= createDocument({
  openapi: '3.1.0',
  info: {
    title: 'Atelier',
    version,
    description: 'Provisions the places where people learn and build, durably. Long work answers 202 with a run; '
      + 'errors are problems (RFC 9457) that say what happened, why, and what to do.',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/' }],
  paths: describePaths(),
  components: {
    securitySchemes: {
      apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
      session: { type: 'apiKey', in: 'cookie', name: 'atelier-session', description: 'Behind https its name is __Host-atelier-session.' },
    },
  },
})

function describePaths(): ZodOpenApiPathsObject {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {}
  for (const [operationId, operation] of Object.entries<Operation>(operations))
    (paths[operation.path] ??= {})[operation.method] = describeOperation(operationId, operation)
  return paths
}

function describeOperation(operationId: string, operation: Operation): ZodOpenApiOperationObject {
  const { status, atOnce, body, type = 'application/json' } = operation.answers
  const open = operation.role === 'anyone'
  return {
    operationId,
    summary: operation.summary,
    tags: [operation.tag],
    description: open ? undefined : `Needs the role ${operation.role}.`,
    security: open ? [] : [{ apiKey: [] }, { session: [] }],
    requestParams: {
      ...(operation.params && { path: operation.params }),
      ...(operation.query && { query: operation.query }),
      ...(operation.idempotent && { header: idempotencyHeader }),
    },
    requestBody: operation.body && { required: true, content: { 'application/json': { schema: operation.body } } },
    responses: {
      ...(atOnce && { [`${atOnce}`]: { description: `${operation.summary}: done`, content: body && { [type]: { schema: body } } } }),
      [`${status}`]: { description: operation.summary, content: body && { [type]: { schema: body } } },
      ...Object.fromEntries(problemsOf(operation).map(status => [`${status}`, problemResponse])),
    },
  }
}

const problemResponse = { description: 'Problem', content: { 'application/problem+json': { schema: Problem } } }

const problemsOf = (operation: Operation): number[] => [
  ...(operation.params || operation.query || operation.body ? [400] : []),
  ...(operation.body ? [408] : []),
  ...(operation.role === 'anyone' ? [] : [401, 403, 429]),
  ...(operation.problems ?? []),
]

const idempotencyHeader = z.object({
  'idempotency-key': z.string().max(200).optional().meta({
    description: 'Requests with the same key and body are done once and get the same answer; another body gets 409.',
  }),
})

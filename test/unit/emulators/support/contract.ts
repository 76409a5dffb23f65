import Ajv2020 from 'ajv/dist/2020.js'
import type { ValidateFunction } from 'ajv'
import { readFileSync } from 'node:fs'
import { isObject } from '../../../../emulators/core/types.ts'
import type { JsonObject } from '../../../../emulators/core/types.ts'

interface Operation {
  operationId: string
  path: RegExp
  method: string
  responses: Record<string, unknown>
  request: unknown
}

/** A published API description, against which tests validate calls. */
export interface Contract {
  /** Operations that have succeeded so far. */
  seen: Set<string>
  operations: string[]
  /** @throws if the response, or the body of a successful request, does not conform */
  check: (call: { method: string, path: string, request: unknown, status: number, response: unknown }) => void
}

/** Fields that Discord describes as integers but also accepts as digits. */
const PERMISSION_BITS = new Set(['permissions', 'allow', 'deny'])

const FIELD_ERRORS = {
  type: 'object',
  required: ['_errors'],
  additionalProperties: false,
  properties: {
    _errors: {
      type: 'array',
      minItems: 1,
      items: { type: 'object', required: ['code', 'message'], properties: { code: { type: 'string' }, message: { type: 'string' } } },
    },
  },
}

/** Loads one of the files in `test/contracts`. */
export function loadContract(name: 'github' | 'discord'): Contract {
  const file = new URL(`../../../contracts/${name}.json`, import.meta.url)
  const document = toJsonSchema(JSON.parse(readFileSync(file, 'utf8'))) as {
    paths: Record<string, Record<string, JsonObject>>
    components: unknown
  }
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true })
  ajv.addFormat('date-time', text => !Number.isNaN(Date.parse(text)))
  ajv.addFormat('uri', text => URL.canParse(text))
  // The description says integer. The documentation and the API itself have codes such as BASE_TYPE_REQUIRED.
  const schemas = (document.components as Record<string, JsonObject>).schemas as JsonObject
  if (schemas.InnerErrors) schemas.InnerErrors = FIELD_ERRORS
  for (const format of ['int32', 'int64', 'double', 'email', 'nonce', 'snowflake']) ajv.addFormat(format, true)
  // The root of a schema may only have keywords of JSON schema, so the whole description is not a valid schema.
  ajv.addSchema({ $id: name, components: document.components })

  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => toOperation(path, method, operation)))
    // The most specific path comes first, because {branch} also matches `main/protection`.
    .sort((a, b) => b.path.source.length - a.path.source.length)
  const compiled = new Map<unknown, ValidateFunction>()
  const validate = (schema: unknown, value: unknown, what: string): void => {
    const check = compiled.get(schema) ?? ajv.compile(toAbsolute(schema, name) as JsonObject)
    compiled.set(schema, check)
    if (check(value)) return
    const errors = ajv.errorsText(check.errors, { separator: '\n' })
    throw new Error(`${what} does not conform to the description of ${name}:\n${errors}\n${JSON.stringify(value)}`)
  }

  const seen = new Set<string>()
  return {
    seen,
    operations: operations.map(operation => operation.operationId),
    check: ({ method, path, request, status, response }) => {
      const operation = operations.find(operation => operation.method === method && operation.path.test(path))
      if (operation === undefined) return
      const about = `${operation.operationId} ${status}`
      const described = operation.responses[String(status)] ?? operation.responses[`${String(status)[0]}XX`]
      if (status < 300 && described === undefined) throw new Error(`${about} is not in the description`)
      const schema = schemaIn(described)
      if (schema !== undefined) validate(schema, response, `the answer to ${about}`)
      if (status >= 300) return
      seen.add(operation.operationId)
      if (operation.request !== undefined) validate(operation.request, request ?? {}, `the request of ${about}`)
    },
  }
}

function toOperation(path: string, method: string, operation: JsonObject): Operation {
  // {ref}, {path} and {branch} may contain slashes.
  const pattern = path.replace(/\{(ref|path|branch)\}/g, '.+').replace(/\{[^}]+\}/g, '[^/]+')
  return {
    operationId: String(operation.operationId),
    path: new RegExp(`^${pattern}$`),
    method: method.toUpperCase(),
    responses: operation.responses as Record<string, unknown>,
    request: schemaIn(operation.requestBody),
  }
}

function schemaIn(described: unknown): unknown {
  if (!isObject(described) || !isObject(described.content)) return undefined
  const json = described.content['application/json']
  return isObject(json) ? json.schema : undefined
}

/** Converts OpenAPI 3.0 to JSON schema: `nullable`, and numbers that may also be digits. */
function toJsonSchema(node: unknown, key = ''): unknown {
  if (Array.isArray(node)) return node.map(item => toJsonSchema(item))
  if (!isObject(node)) return node
  const { nullable, discriminator: _, ...rest } = node
  const schema = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, toJsonSchema(value, name)]))
  if (PERMISSION_BITS.has(key) && Array.isArray(schema.type) && schema.type.includes('integer')) {
    schema.type = [...schema.type as string[], 'string']
  }
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema
}

/** Makes references absolute: they start with the name of the document. */
function toAbsolute(node: unknown, name: string): unknown {
  if (Array.isArray(node)) return node.map(item => toAbsolute(item, name))
  if (!isObject(node)) return node
  return Object.fromEntries(Object.entries(node).map(([key, value]) =>
    [key, key === '$ref' && typeof value === 'string' ? value.replace(/^#/, `${name}#`) : toAbsolute(value, name)]))
}

/** A `fetch` that validates every call. @param prefix the path of the API's base URL */
export function conformingFetch(contract: Contract, prefix: string): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    const text = await response.clone().text()
    contract.check({
      method: init?.method ?? 'GET',
      path: decodeURIComponent(new URL(String(input)).pathname.slice(prefix.length)),
      request: typeof init?.body === 'string' ? JSON.parse(init.body) : undefined,
      status: response.status,
      response: text === '' ? undefined : JSON.parse(text),
    })
    return response
  }
}

import type { JsonObject } from '../core/types.ts'
import { isObject } from '../core/types.ts'
import { invalidForm } from './errors.ts'
import type { Problems } from './errors.ts'
import type { Overwrite } from './records.ts'
import { isSnowflake } from './snowflake.ts'

/** Validates the fields of a body. `check()` throws all problems together, as error 50035. */
export class Form {
  readonly #body: JsonObject
  readonly #prefix: string
  readonly #problems: Problems

  constructor(body: JsonObject, prefix = '', problems: Problems = {}) {
    this.#body = body
    this.#prefix = prefix
    this.#problems = problems
  }

  has(name: string): boolean {
    return this.#body[name] !== undefined
  }

  problem(name: string, code: string, message: string): undefined {
    this.#problems[this.#prefix + name] = { code, message }
    return undefined
  }

  required(name: string): this {
    if (this.#body[name] === undefined || this.#body[name] === null) this.problem(name, 'BASE_TYPE_REQUIRED', 'This field is required')
    return this
  }

  string(name: string, min: number, max: number): string | undefined {
    const value = this.#body[name]
    if (value === undefined || value === null) return undefined
    if (typeof value !== 'string') return this.problem(name, 'STRING_TYPE_CONVERT', `Could not interpret "${String(value)}" as string.`)
    const length = [...value.trim()].length
    if (length >= min && length <= max) return value.trim()
    return min > 0
      ? this.problem(name, 'BASE_TYPE_BAD_LENGTH', `Must be between ${min} and ${max} in length.`)
      : this.problem(name, 'BASE_TYPE_MAX_LENGTH', `Must be ${max} or fewer in length.`)
  }

  integer(name: string, min: number, max: number): number | undefined {
    const value = this.#body[name]
    if (value === undefined || value === null) return undefined
    const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value
    if (typeof number !== 'number' || !Number.isInteger(number)) {
      return this.problem(name, 'NUMBER_TYPE_COERCE', `Value "${String(value)}" is not int.`)
    }
    if (number < min) return this.problem(name, 'NUMBER_TYPE_MIN', `int value should be greater than or equal to ${min}.`)
    if (number > max) return this.problem(name, 'NUMBER_TYPE_MAX', `int value should be less than or equal to ${max}.`)
    return number
  }

  choice<T extends number>(name: string, choices: readonly T[]): T | undefined {
    const value = this.#body[name]
    if (value === undefined || value === null) return undefined
    const found = choices.find(choice => choice === Number(value))
    return found ?? this.problem(name, 'BASE_TYPE_CHOICES', `Value "${String(value)}" must be one of (${choices.join(', ')}).`)
  }

  boolean(name: string): boolean | undefined {
    const value = this.#body[name]
    if (value === undefined || value === null) return undefined
    return typeof value === 'boolean' ? value : this.problem(name, 'BOOLEAN_TYPE_CONVERT', 'Must be either true or false.')
  }

  snowflake(name: string): string | undefined {
    const value = this.#body[name]
    if (value === undefined || value === null) return undefined
    const text = typeof value === 'number' ? String(value) : value
    return isSnowflake(text) ? text : this.problem(name, 'NUMBER_TYPE_COERCE', `Value "${String(value)}" is not snowflake.`)
  }

  /** Permission bits, as a number or as digits. */
  bits(name: string): bigint | undefined {
    const value = this.#body[name]
    if (value === undefined || value === null) return undefined
    if (/^\d{1,20}$/.test(String(value))) return BigInt(String(value))
    return this.problem(name, 'NUMBER_TYPE_COERCE', `Value "${String(value)}" is not int.`)
  }

  snowflakes(name: string): string[] | undefined {
    const value = this.#body[name]
    if (value === undefined || value === null) return undefined
    if (Array.isArray(value) && value.every(isSnowflake)) return [...new Set(value)]
    return this.problem(name, 'LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType.')
  }

  overwrites(name: string): Overwrite[] | undefined {
    const value = this.#body[name]
    if (value === undefined || value === null) return undefined
    if (!Array.isArray(value)) return this.problem(name, 'LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType.')
    const all = value.map((item: unknown, i): Overwrite => {
      const form = new Form(isObject(item) ? item : {}, `${this.#prefix}${name}.${i}.`, this.#problems)
      return { id: form.required('id').snowflake('id') ?? '', ...form.overwrite() }
    })
    return all
  }

  /** An overwrite without its id. Type 0 is a role, type 1 a member. */
  overwrite(): Omit<Overwrite, 'id'> {
    const [allow, deny] = [this.bits('allow') ?? 0n, this.bits('deny') ?? 0n]
    return { type: this.choice('type', [0, 1]) ?? 0, allow: String(allow), deny: String(deny) }
  }

  /** @throws HttpError 50035 if the body has problems */
  check(): void {
    if (Object.keys(this.#problems).length > 0) throw invalidForm(this.#problems)
  }
}

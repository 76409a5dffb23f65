import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { validate } from '../../../../server/http/validate.ts'
import { NewCourse } from '../../../../shared/schemas/course.ts'
import { Problem } from '../../../../shared/schemas/problem.ts'

/** The problem that a body is refused with; undefined when it is taken. */
function refusal(body: unknown): Problem | undefined {
  try {
    validate(NewCourse, body, 'body')
    return undefined
  }
  catch (error) {
    return Problem.parse((error as { data: unknown }).data)
  }
}

const course = { name: 'A', semester: '1', type: 'LECTURE' }

describe('validation', () => {
  it('gives what the schema makes of a good body', () => {
    expect(validate(NewCourse, { ...course, name: '  A  ' }, 'body')).toEqual(course)
  })

  it('names every wrong field at once, each with what is wrong and its fix', () => {
    const problem = refusal({ name: '', type: 'SEMINAR', colour: 1, labGroups: [{ name: 'A', number: 'x' }] })
    expect(problem).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' })
    expect(Object.fromEntries(problem!.errors!.map(({ field, fix }) => [field, fix]))).toEqual({
      'name': 'Give at least 1 character.',
      'semester': 'Give a value of type string.',
      'type': 'Use one of: LECTURE, LABORATORY, COMBINED.',
      'labGroups.0.number': 'Give a value of type number.',
      'colour': 'Remove it, or correct its name; /api/docs lists the names.',
    })
  })

  it('answers anything that is no course with fields, and never breaks', () => {
    const fields = { name: fc.jsonValue(), semester: fc.jsonValue(), type: fc.jsonValue(), labGroups: fc.jsonValue() }
    fc.assert(fc.property(fc.oneof(fc.jsonValue(), fc.record(fields, { requiredKeys: [] })), (body) => {
      const problem = refusal(body)
      if (problem) {
        expect(problem.errors!.length).toBeGreaterThan(0)
        for (const { message, fix } of problem.errors!) expect([message, fix].every(text => text.length > 3)).toBe(true)
      }
    }))
  })
})

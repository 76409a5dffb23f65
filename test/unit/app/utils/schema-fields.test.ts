import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { fieldValue, schemaFields } from '../../../../app/utils/schema-fields.ts'
import { providers } from '../../../../server/workspaces/providers/registry.ts'

const fieldsOf = (schema: z.ZodObject) => schemaFields(z.toJSONSchema(schema, { io: 'input' }))

describe('the form of a JSON Schema', () => {
  it('has a field for each property, by its kind', () => {
    const fields = fieldsOf(z.strictObject({
      adopt: z.boolean().default(false).meta({ title: 'Take over', description: 'Even so.' }),
      sdk: z.enum(['static', 'docker']).default('static'),
      template: z.string().optional(),
      size: z.int().min(1),
    }))
    expect(fields).toEqual([
      { name: 'adopt', label: 'Take over', help: 'Even so.', kind: 'switch', choices: [], isRequired: false, initial: false },
      { name: 'sdk', label: 'Sdk', kind: 'choice', choices: ['static', 'docker'], isRequired: false, initial: 'static' },
      { name: 'template', label: 'Template', kind: 'text', choices: [], isRequired: false, initial: '' },
      { name: 'size', label: 'Size', kind: 'number', choices: [], isRequired: true, initial: '' },
    ])
    expect(fields.map(field => fieldValue(field, field.initial))).toEqual([undefined, undefined, undefined, undefined])
    expect([true, 'docker', ' atelier/template ', '3'].map((value, index) => fieldValue(fields[index]!, value)))
      .toEqual([true, 'docker', 'atelier/template', 3])
  })

  it('reads types that may be null, and takes lists and objects as JSON', () => {
    const fields = fieldsOf(z.strictObject({
      limit: z.int().nullable(),
      memberIds: z.array(z.string()).default(['a']),
      size: z.literal([1, 2]),
    }))
    expect(fields.map(({ label, kind, initial }) => [label, kind, initial])).toEqual([
      ['Limit', 'number', ''], ['Member ids', 'json', '[\n  "a"\n]'], ['Size', 'choice', ''],
    ])
    expect(['7', '["b"]', '2'].map((value, index) => fieldValue(fields[index]!, value))).toEqual([7, ['b'], 2])
    expect(fieldValue(fields[1]!, '["b"')).toBe('["b"')
  })

  it('can express every option of the providers', () => {
    for (const { type, options } of providers)
      for (const field of fieldsOf(options)) {
        const choice = String(field.choices.at(-1))
        const value = { switch: field.initial !== true, choice, number: '1', text: 'atelier/template', json: '[]' }[field.kind]
        const sent = fieldValue(field, value)
        const refused = options.shape[field.name].safeParse(sent).error?.issues
        expect(refused, `${type}: ${field.name}`).toBeUndefined()
      }
  })
})

import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { optionFields, optionValue } from '../../../../app/utils/option-fields.ts'
import { providers } from '../../../../server/workspaces/providers/registry.ts'

const fieldsOf = (schema: z.ZodObject) => optionFields(z.toJSONSchema(schema, { io: 'input' }))

describe('the form of a provider\'s options', () => {
  it('has a field for each option, by its kind', () => {
    const fields = fieldsOf(z.strictObject({
      adopt: z.boolean().default(false).meta({ title: 'Take over', description: 'Even so.' }),
      sdk: z.enum(['static', 'docker']).default('static'),
      template: z.string().optional(),
      size: z.int().min(1),
    }))
    expect(fields).toEqual([
      { name: 'adopt', label: 'Take over', help: 'Even so.', kind: 'switch', choices: [], isRequired: false, initial: false },
      { name: 'sdk', label: 'sdk', kind: 'choice', choices: ['static', 'docker'], isRequired: false, initial: 'static' },
      { name: 'template', label: 'template', kind: 'text', choices: [], isRequired: false, initial: '' },
      { name: 'size', label: 'size', kind: 'number', choices: [], isRequired: true, initial: '' },
    ])
    expect(fields.map(field => optionValue(field, field.initial))).toEqual([undefined, undefined, undefined, undefined])
    expect([true, 'docker', ' atelier/template ', '3'].map((value, index) => optionValue(fields[index]!, value))).toEqual([true, 'docker', 'atelier/template', 3])
  })

  it('can say all that the providers can be told', () => {
    for (const { type, options } of providers)
      for (const field of fieldsOf(options)) {
        const value = { switch: field.initial !== true, choice: field.choices.at(-1) ?? '', number: '1', text: 'atelier/template' }[field.kind]
        const sent = optionValue(field, value)
        const refused = options.shape[field.name].safeParse(sent).error?.issues
        expect(refused, `${type}: ${field.name}`).toBeUndefined()
      }
  })
})

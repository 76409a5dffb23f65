import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseGroupLines, toGroupLines } from '../../../../app/utils/group-lines.ts'

const read = (text: string) => parseGroupLines(text).groups.map(({ number, name }) => [number, name])
const complaints = (text: string) => parseGroupLines(text).bad.map(({ line, message }) => `${line}: ${message}`)

describe('parseGroupLines', () => {
  it('reads number and name, however they are separated', () => {
    expect(read('1,Alpha\n2;Beta\r\n3\tGamma\r4 , Delta ')).toEqual([['1', 'Alpha'], ['2', 'Beta'], ['3', 'Gamma'], ['4', 'Delta']])
  })

  it('takes quoted fields as CSV has them', () => {
    expect(read('1,"Data, Networks"\n"2","say ""hi"""\n3;"a;b"\n4,""""'))
      .toEqual([['1', 'Data, Networks'], ['2', 'say "hi"'], ['3', 'a;b'], ['4', '"']])
  })

  it('separates a line by its first separator alone', () => {
    expect(read('1,a;b\n2;c,d')).toEqual([['1', 'a;b'], ['2', 'c,d']])
  })

  it('leaves out a byte order mark, a heading and empty lines, and counts lines as an editor does', () => {
    expect(parseGroupLines('\uFEFFNumber,Name\n\n  \n7,Alpha')).toEqual({ groups: [{ line: 4, number: '7', name: 'Alpha' }], bad: [] })
  })

  it.each([
    ['x,Alpha', '1: “x” is not a whole number; write the number first, then a comma, then the name'],
    ['-1,Alpha', '1: “-1” is not a whole number; write the number first, then a comma, then the name'],
    [',Alpha', '1: “” is not a whole number; write the number first, then a comma, then the name'],
    ['Alpha', '1: the number is missing; write 1,Name'],
    ['4', '1: the name is missing; write 4,Name'],
    ['4,', '1: the name is missing; write 4,Name'],
    ['1,Data, Networks', '1: the line has 3 fields; put a name with commas in quotes: 1,"Data, Networks"'],
    ['1,"Alpha\n2,Beta', '1: a quotation mark is not closed; close it, or write "" for one that belongs to the name'],
  ])('says what is wrong with %j', (text, complaint) => {
    expect(complaints(text)).toEqual([complaint])
  })

  it('loses no line: each is read or named', () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: fc.constantFrom('1', 'a', ',', ';', '\t', '"', ' ') })), (lines) => {
      const { groups, bad } = parseGroupLines(lines.join('\n'))
      expect([...groups, ...bad].map(({ line }) => line).sort((a, b) => a - b))
        .toEqual(lines.flatMap((text, index) => text.trim() ? [index + 1] : []))
    }))
  })

  it('reads what it wrote', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter(text => !/[\r\n]/.test(text) && text === text.trim() && text !== '')
    const group = fc.record({ number: fc.integer({ min: 1, max: 9999 }).map(String), name })
    fc.assert(fc.property(fc.array(group), (groups) => {
      expect(parseGroupLines(toGroupLines(groups))).toEqual({ groups: groups.map((one, index) => ({ line: index + 1, ...one })), bad: [] })
    }))
  })
})

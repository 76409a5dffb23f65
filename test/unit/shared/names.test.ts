import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ChannelType } from 'discord-api-types/v10'
import { channelName as asDiscordMakesIt } from '../../../emulators/discord/channel-rules.ts'
import { channelName, discordText, distinct, slugify, slugOr } from '../../../shared/utils/names.ts'

/** Text as people and mischief write it: any Unicode, with more of what is troublesome. */
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 120 }), fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.array(fc.constantFrom(
    '@everyone', '`', ' ', '-', '.', '\u00A0', '👩‍👩‍👧‍👦', 'é', 'e\u0301', 'ß', 'İ', '漢', 'A', '1', '_', '#', '/',
  ), { maxLength: 60 }).map(parts => parts.join('')))
const length = fc.integer({ min: 10, max: 100 })

describe('slugs', () => {
  it.each([
    ['Introduction to C++', 'introduction-to-cpp'], ['C# and you', 'csharp-and-you'], ['Алгоритмы', 'algoritmy'],
    ['  L\'été  ', 'lete'], ['@everyone', 'everyone'], ['🎓', ''],
  ])('of "%s" is "%s"', (name, slug) => {
    expect(slugify(name)).toBe(slug)
  })

  it('are words of ASCII, never empty, never too long, and always the same', () => {
    fc.assert(fc.property(text, length, (name, max) => {
      const slug = slugOr('course', name, max)
      expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
      expect(slug.length).toBeLessThanOrEqual(Math.max(max, 'course-'.length + 7))
      expect(slugOr('course', name, max)).toBe(slug)
    }))
  })

  it('of names without a reading differ', () => {
    expect(slugOr('course', '🎓', 50)).not.toBe(slugOr('course', '📚', 50))
  })
})

describe('distinct names', () => {
  it('are distinct whatever their case, within their length, and the wanted one where it is free', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'A', 'b', '-'), minLength: 1, maxLength: 14 })
    fc.assert(fc.property(fc.array(name, { maxLength: 40 }), (wanted) => {
      const taken = new Set<string>()
      const names = wanted.map(name => distinct(name, taken, 12))
      expect(new Set(names.map(name => name.toLowerCase())).size).toBe(names.length)
      for (const name of names) expect(name.length).toBeLessThanOrEqual(12)
      if (wanted.length) expect(names[0]).toBe(wanted[0]!.slice(0, 12))
    }))
  })
})

describe('text for Discord', () => {
  it('mentions nobody, breaks no character, and is within its length', () => {
    fc.assert(fc.property(text, length, (name, max) => {
      const shown = discordText(name.toWellFormed(), max)
      expect(shown.length).toBeLessThanOrEqual(max)
      expect(shown).not.toMatch(/[@`\n]|^\s|\s$/)
      expect(shown.isWellFormed()).toBe(true)
    }))
    expect(discordText('a👩‍👩‍👧‍👦', 8), 'a family is not torn apart').toBe('a')
  })
})

describe('channel names', () => {
  it('are what Discord would make of them, so that they are found again', () => {
    fc.assert(fc.property(text, (name) => {
      const channel = channelName('group', name.toWellFormed())
      expect(asDiscordMakesIt(channel, ChannelType.GuildText)).toBe(channel)
      expect(channel.length).toBeGreaterThan(0)
      expect(channel.length).toBeLessThanOrEqual(90)
      expect(channelName('group', channel)).toBe(channel)
    }))
  })
})

import { expect, it } from 'vitest'
import { isSnowflake, snowflake, snowflakeTime } from '../../../../emulators/discord/snowflake.ts'

it('creates snowflakes that grow and contain the time', () => {
  const created = Array.from({ length: 5000 }, () => snowflake())
  expect(new Set(created).size).toBe(5000)
  expect([...created].sort((a, b) => BigInt(a) < BigInt(b) ? -1 : 1)).toEqual(created)
  expect(Math.abs(snowflakeTime(created[0]!).getTime() - Date.now())).toBeLessThan(5000)
  expect(['', '-1', '1.5', 'x', String(2n ** 64n)].filter(isSnowflake)).toEqual([])
})

const EPOCH = 1_420_070_400_000n

let last = 0n

/** A new snowflake: milliseconds since 2015 in the upper 42 bits, a counter below. Snowflakes always grow. */
export function snowflake(now = Date.now()): string {
  const earliest = (BigInt(now) - EPOCH) << 22n
  last = earliest > last ? earliest : last + 1n
  return String(last)
}

/** The creation time of a snowflake. */
export function snowflakeTime(id: string): Date {
  return new Date(Number((BigInt(id) >> 22n) + EPOCH))
}

/** Whether a value has the format of a snowflake. */
export function isSnowflake(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,20}$/.test(value) && BigInt(value) < 1n << 64n
}

import type { createWorld } from '@workflow/world-postgres'

type World = ReturnType<typeof createWorld>

/**
 * The world refuses to create an execution whose id is of the future. When the database's clock was set back, the
 * generator of ids stays ahead of it. Told to try later, the runtime creates the execution with its first message.
 */
export function withTolerantStart(world: World): World {
  const create = world.events.create.bind(world.events) as (...args: unknown[]) => Promise<never>
  world.events.create = (...args: unknown[]) => create(...args).catch((error: unknown) => {
    throw isIdOfTheFuture(error) ? Object.assign(error, { status: 503 }) : error
  })
  return world
}

const isIdOfTheFuture = (error: unknown): error is Error =>
  error instanceof Error && error.message.startsWith('Invalid runId timestamp')

import type { Problem } from '#shared/schemas/problem'

/** A failed request, with the problem that the API answered. */
export class ApiError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.name = 'ApiError'
    this.problem = problem
  }
}

/** The problem behind anything that was thrown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem
  // Nuxt wraps what a loader threw.
  if (error instanceof Error && error.cause instanceof ApiError) return error.cause.problem
  return unreachable
}

/** The problem to show when the API did not answer, or when something else answered in its place. */
export const unreachable: Problem = {
  type: 'about:blank',
  title: 'No answer',
  status: 0,
  code: 'UNREACHABLE',
  detail: 'Atelier does not answer.',
  why: 'The server is down or restarting, or this computer is offline.',
  fix: 'Try again in a few seconds. Runs continue by themselves.',
}

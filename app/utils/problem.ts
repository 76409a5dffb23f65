import type { Problem } from '#shared/schemas/problem'

/** An answer of the API that is not the wanted one, with what a person needs to go on. */
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

/** What is shown when no answer came, or one that is none of ours. */
export const unreachable: Problem = {
  type: 'about:blank',
  title: 'No answer',
  status: 0,
  code: 'UNREACHABLE',
  detail: 'Atelier does not answer.',
  why: 'The server is down or restarting, or this computer is offline.',
  fix: 'Try again in a few seconds. What was started goes on by itself.',
}

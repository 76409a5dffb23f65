import { expect } from 'vitest'
import { Problem } from '../../shared/schemas/problem.ts'
import type { Answer } from './api.ts'

/** Checks that an answer is a problem that says what happened, why, and how to fix it. @returns it */
export function expectProblem(answer: Answer<unknown>, status: number, code?: string): Problem {
  expect(answer.status, JSON.stringify(answer.body)).toBe(status)
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  const problem = Problem.strict().parse(answer.body)
  expect(problem.status).toBe(status)
  for (const text of [problem.title, problem.detail, problem.why, problem.fix]) expect(text).toMatch(/\w{2}/)
  if (code) expect(problem.code).toBe(code)
  expect(problem.requestId).toBe(answer.headers.get('x-request-id'))
  // A stack would tell strangers how the server is built.
  expect(JSON.stringify(problem)).not.toMatch(/\bat .*\.m?js|node_modules|server\/chunks/)
  return problem
}

import { problem } from '../http/problem'

/** 409 for what cannot be done while a run is working on a workspace. */
export const runActive = () => problem({
  status: 409,
  code: 'RUN_ACTIVE',
  detail: 'A run is working on this workspace already.',
  why: 'Two runs for one workspace at the same time would get in each other\'s way.',
  fix: 'Wait until it ends, or cancel it first: POST /api/runs/{id}/cancel.',
})

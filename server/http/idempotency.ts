import { problem } from './problem'

/** 409 for an Idempotency-Key that stands for another request. */
export const keyReused = () => problem({
  status: 409,
  code: 'IDEMPOTENCY_KEY_REUSED',
  detail: 'This Idempotency-Key was used for another request.',
  why: 'A key stands for one request; the same key with another body is a mistake of the caller.',
  fix: 'Use a new key for a new request, or send the first body again to get the first answer.',
})

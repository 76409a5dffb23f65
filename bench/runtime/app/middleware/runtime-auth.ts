import { defineEventHandler } from 'h3'
import runtimeAuthentication from '../../../../server/middleware/runtime-authentication'

export default process.env.BENCH_VARIANT === 'baseline' ? defineEventHandler(() => {}) : runtimeAuthentication

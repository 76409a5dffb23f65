import { defineEventHandler } from 'h3'
import runtimeAuthentication from '../../../../server/middleware/runtime-door'

export default process.env.BENCH_VARIANT === 'baseline' ? defineEventHandler(() => {}) : runtimeAuthentication

import { defineEventHandler } from 'h3'
import door from '../../../../server/middleware/runtime-authentication'

export default process.env.BENCH_SIDE === 'stock' ? defineEventHandler(() => {}) : door

import { randomInt } from 'node:crypto'

/** Headers of a request from an address that no other test uses: after five wrong keys an address has to wait. */
export const fromElsewhere = () => ({ 'x-forwarded-for': `10.${[0, 0, 0].map(() => randomInt(256)).join('.')}` })

export { claim } from './claim'
export { settle } from './settle'
export { endWait, openWait } from './wait'

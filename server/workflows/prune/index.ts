export { prune } from './workflow'

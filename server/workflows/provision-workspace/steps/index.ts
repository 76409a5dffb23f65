export { makeWorkspace } from './make-workspace'
export { settleWorkspace } from './settle-workspace'

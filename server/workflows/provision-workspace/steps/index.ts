export { claimWorkspace } from './claim-workspace'
export { makeWorkspace } from './make-workspace'
export { settleWorkspace } from './settle-workspace'

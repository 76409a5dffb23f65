export { removeWorkspace } from './remove-workspace'
export { settleRemoval } from './settle-removal'

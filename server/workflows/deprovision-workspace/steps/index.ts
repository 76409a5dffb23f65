export { removeWorkspace } from './remove-workspace'

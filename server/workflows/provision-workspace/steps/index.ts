export { createWorkspace } from './create-workspace'

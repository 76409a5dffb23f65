export { provisionWorkspace } from './workflow'

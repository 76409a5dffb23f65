export { deprovisionWorkspace } from './workflow'

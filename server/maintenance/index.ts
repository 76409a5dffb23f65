export { removeAll } from './prune'
export * from './queries'
export { installationSubject } from './subject'

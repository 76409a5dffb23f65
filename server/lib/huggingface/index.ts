export * from './spaces'

export * from './repos'
export * from './commits'

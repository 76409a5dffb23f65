export * from './branches'
export * from './repos'
export * from './commits'
export * from './removal'

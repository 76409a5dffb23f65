export * from './servers'
export * from './channels'
export * from './roles'
export * from './removal'

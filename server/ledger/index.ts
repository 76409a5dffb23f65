export * from './attempt'
export * from './audit'
export * from './ensure'

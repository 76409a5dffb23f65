export * from './attempt'
export * from './audit'
export * from './ensure'
export { sideBySide } from './side-by-side'

export { rollbackCourse } from './workflow'

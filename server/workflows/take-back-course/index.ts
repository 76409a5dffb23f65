export { takeBackCourse } from './workflow'

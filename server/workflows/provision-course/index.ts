export { provisionCourse } from './workflow'

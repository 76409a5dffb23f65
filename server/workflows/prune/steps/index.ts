export { pruneAuditLog } from './prune-audit-log'
export { pruneDeadJobs } from './prune-dead-jobs'
export { pruneEventLog } from './prune-event-log'
export { pruneSpentRecords } from './prune-spent-records'

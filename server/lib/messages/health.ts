import type { Messages } from './message.ts'

const READ_THE_LOG = 'Wait a moment. If it does not recover, read the log of the server.'

/** What /health says of a part that does not work. */
export const health = {
  DATABASE_SILENT: {
    message: 'PostgreSQL does not answer.',
    why: 'It is down, restarting or unreachable.',
    fix: 'Start PostgreSQL, or correct DATABASE_URL. Runs continue by themselves when it is back.',
  },
  DATABASE_CANNOT_WRITE: {
    code: 'DISK_FULL',
    message: 'PostgreSQL answers, but could not write: its disk is full.',
    why: 'No space is left on the disk of the database.',
    fix: 'Free space on the disk of PostgreSQL, or enlarge it. Runs continue by themselves.',
  },
  DATA_FOLDER_FULL: {
    code: 'DISK_FULL',
    message: 'The disk of the data folder is full.',
    why: 'Atelier could not write a file of 4 kB into ATELIER_DATA_DIR.',
    fix: 'Free space on its disk. Runs continue by themselves.',
  },
  DATA_FOLDER_REFUSES: {
    message: 'Atelier cannot write into the data folder.',
    why: 'The folder is read-only, or belongs to another user.',
    fix: 'Let the user of the server write into ATELIER_DATA_DIR, and mount its disk for writing.',
  },
  RUNTIME_NOT_STARTED: {
    message: 'The workflow runtime has not started.',
    why: 'The server starts or stops, or the database does not answer.',
    fix: READ_THE_LOG,
  },
  WATCHDOG_SILENT: {
    message: 'The watchdog cannot check the runs.',
    why: 'Its last rounds failed or took too long.',
    fix: READ_THE_LOG,
  },
  CLOCK_SKEWED: {
    message: ({ skew }: Record<'skew', string>) => `The clock of this process is ${skew}.`,
    why: 'The two machines are not synchronised, or somebody has set a clock. Runs are safe: they use the database\'s clock.',
    fix: 'Synchronise both machines with NTP (`timedatectl set-ntp true`).',
  },
} as const satisfies Messages

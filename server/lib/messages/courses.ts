import type { Messages } from './message.ts'

/** Courses and the Discord server that they wait for. */
export const courses = {
  NOT_WAITING: {
    status: 409,
    message: 'This course does not wait for a Discord server.',
    why: 'It already has one, or its run has ended.',
    fix: 'Check the status of the course, and press Retry if it failed.',
  },
  BOT_NOT_IN_SERVER: {
    status: 422,
    message: ({ guildId }: { guildId: string }) => `The bot is not in the Discord server ${guildId}.`,
    why: 'Only a person who manages that server can add the bot.',
    fix: 'Open the install link of the course, add the bot to the server, and send the request again.',
  },
  HAS_SERVER: {
    status: 409,
    message: 'Somebody chose another Discord server for this course a moment ago.',
    why: 'A course has one server, and the first choice counts.',
    fix: 'Open the course to see its server; it continues there.',
  },
} as const satisfies Messages

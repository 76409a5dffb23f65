/** What a change is about. */
export const actionSubjects = [
  'course', 'project', 'repo', 'challenge', 'task', 'contributor', 'workspace', 'run', 'session', 'key',
] as const

/** The actors of requests without a good key, as people call them. */
export const strangers = { 'anonymous': 'Not signed in', 'wrong-key': 'With a wrong key' } as const
export type Stranger = keyof typeof strangers

/** Whether the channels could be opened: a course without a Discord server must wait for one. */
export type ChannelsOutcome = 'done' | 'needs-server'

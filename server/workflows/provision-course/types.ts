/** Whether the channels could be opened: a course without a Discord server has to wait for one. */
export type ChannelsOutcome = 'done' | 'needs-server'

/** `elsewhere`: no runtime was started here, since Vercel provides it. */
export type RuntimeState = 'elsewhere' | 'starting' | 'up' | 'stopped'

let state: RuntimeState = 'elsewhere'

/** The state of this process's workflow runtime. Its own file, because functions on Vercel must not load the runtime on PostgreSQL. */
export const runtimeState = () => state

/** Sets the state of the runtime. */
export const setRuntimeState = (now: RuntimeState) => {
  state = now
}

/** `elsewhere`: no runtime was started here, since Vercel carries it. */
export type RuntimeState = 'elsewhere' | 'starting' | 'up' | 'stopped'

let state: RuntimeState = 'elsewhere'

/** How the workflow runtime of this process is. Apart from the runtime itself, which has no place in a function. */
export const runtimeState = () => state

/** Remembers how the runtime is. */
export const showRuntime = (now: RuntimeState) => {
  state = now
}

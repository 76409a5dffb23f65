/** `elsewhere`: no runtime was started here, since Vercel provides it. */
export type RuntimeState = 'elsewhere' | 'starting' | 'up' | 'stopped'

let state: RuntimeState = 'elsewhere'

/** The state of this process's workflow runtime. Apart from the runtime itself, which has no place in a function. */
export const runtimeState = () => state

/** Sets the state of the runtime. */
export const setRuntimeState = (now: RuntimeState) => {
  state = now
}

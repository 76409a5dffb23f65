import type { Problem } from '#shared/schemas/problem'

/** What a button does: busy while it is at it, with the problem if it fails. `act` tells whether it went well. */
export function useAct() {
  const isBusy = ref(false)
  const problem = shallowRef<Problem>()
  async function act(work: () => Promise<unknown>): Promise<boolean> {
    isBusy.value = true
    problem.value = undefined
    await work().catch((error: unknown) => {
      problem.value = problemOf(error)
    })
    isBusy.value = false
    return !problem.value
  }
  return { isBusy, problem, act }
}

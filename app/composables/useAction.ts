import type { Problem } from '#shared/schemas/problem'

/** The state of a button's work: whether it is busy, and the problem if it failed. `execute` returns whether it succeeded. */
export function useAction() {
  const isBusy = ref(false)
  const problem = shallowRef<Problem>()
  async function execute(work: () => Promise<unknown>): Promise<boolean> {
    isBusy.value = true
    problem.value = undefined
    await work().catch((error: unknown) => {
      problem.value = problemOf(error)
    })
    isBusy.value = false
    return !problem.value
  }
  return { isBusy, problem, execute }
}

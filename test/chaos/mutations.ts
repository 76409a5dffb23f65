import type { CallRecord } from '../../emulators/core/calls.ts'
import type { Atelier } from '../support/atelier.ts'
import type { Control } from '../../emulators/control-client.ts'

/** One call that changes something outside, by what it is called and what it is about. */
export interface Mutation { at: 'github' | 'discord', operation: string, subject: string }

/** Every mutation that the emulators have seen since their logs were cleared, once each. */
export async function seenMutations(atelier: Atelier): Promise<Mutation[]> {
  const [github, discord] = await Promise.all([atelier.github.calls(), atelier.discord.calls()])
  const of = (at: Mutation['at'], calls: CallRecord[]) =>
    calls.filter(call => call.mutation).map(({ operation, subject }) => ({ at, operation, subject }))
  const all = [...of('github', github), ...of('discord', discord)]
  return [...new Map(all.map(mutation => [keyOf(mutation), mutation])).values()]
}

export const keyOf = ({ at, operation, subject }: Mutation) => `${at} ${operation} ${subject}`

/** Holds a mutation before or after its effect, unanswered. */
export async function hold(atelier: Atelier, { at, operation, subject }: Mutation, when: 'before' | 'after') {
  const control: Control = atelier[at]
  const id = await control.fault({ operation, subject, when, action: 'hold', times: 1_000 })
  return {
    reached: () => control.faults().then(faults => (faults.find(fault => fault.id === id)?.reached ?? 0) > 0),
    release: () => control.removeFault(id),
  }
}

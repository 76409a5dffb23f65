import type { Control } from '../../../../../../emulators/control-client.ts'
import type { EmulatorName } from '../../../../../../emulators/defaults.ts'
import type { ProvisionRequest, WorkspaceProvider } from '../../../../../../server/workspaces/providers/index.ts'

/** What the conformance suite has to know of a provider beyond its interface: what its service does, and how to see it. */
export interface Subject {
  provider: WorkspaceProvider
  emulator: EmulatorName
  parentRef: string
  options?: Record<string, unknown>
  /** Sees to it that there is what it needs outside. */
  prepare?: (service: Control) => Promise<unknown>
  /** The operations by which the thing comes to be, or is seen to be there. */
  operations: string[]
  /** How many things of that name there are. */
  count: (service: Control, name: string) => Promise<number>
  /** Makes it, where a person has to. */
  person?: (service: Control, name: string) => Promise<unknown>
  /** Puts one of that name there that is somebody else's; absent where there is no telling. */
  stranger?: (service: Control, name: string) => Promise<unknown>
  /** Somebody works in it. */
  work?: (service: Control, name: string) => Promise<unknown>
  /** What leads to a parent that is not there. */
  nowhere: Partial<Pick<ProvisionRequest, 'parentRef' | 'options'>>
  /** The credential is no good any more. */
  revoke: (service: Control) => Promise<unknown>
  /** An answer by which the service asks to wait seven seconds. */
  limited: { status: number, headers: Record<string, string>, body?: unknown }
}

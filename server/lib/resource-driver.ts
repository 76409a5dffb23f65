import type { Service } from '../../shared/schemas/resource'

/** What an outside resource is, before it exists: unique by subject, service, type and key. */
export interface ResourceIdentity {
  subjectType: string
  subjectId: string
  /** The run that creates it. */
  runId: string
  service: Service
  type: string
  key: string
  name: string
}

/** An outside resource that was created; plain data without secrets. */
export interface CreatedResource { id: string, url: string, detail?: Record<string, unknown> }

/** How a resource is found and created outside. */
export interface ResourceDriver {
  /**
   * `first`: the provider accepts a second one of the same name, so the ledger looks before it creates.
   * `after-interruption`: the provider refuses a second one, so the ledger looks only when an earlier call
   * without an answer may have taken effect.
   */
  look: 'first' | 'after-interruption'
  /**
   * Looks for the resource by name and marker; null when it does not exist.
   * @param look.ours whether one without a marker can be our own, since it did not exist before our intent
   * @param look.others ids of those of that name that belong to another subject
   * @throws ProviderError RESOURCE_CONFLICT when it exists and belongs to somebody else
   */
  find: (look: { ours: boolean, others: string[], runId: string }) => Promise<CreatedResource | null>
  /** Creates the resource. After ALREADY_EXISTS the ledger looks again. */
  create: () => Promise<CreatedResource>
}

/** A resource to remove. */
export interface KnownResource extends Pick<ResourceIdentity, 'subjectId' | 'service' | 'type' | 'key' | 'name'> {
  rowId: string
  /** Null when the creating call was never answered. */
  externalId: string | null
}

/** A resource whose lease is held for its removal: `created` is null when only the intent is known. */
export interface Removable { rowId: string, fence: number, created: CreatedResource | null, since: Date, until: Date }

/** How a resource is recognised and removed outside. */
export interface RemovalDriver {
  /**
   * Looks for the resource that was created, or that a lost call may have created.
   * @returns removes it; null when it does not exist
   * @throws ProviderError RESOURCE_CONFLICT when it is no longer what was created: then it is kept
   */
  find: (removable: Removable) => Promise<(() => Promise<void>) | null>
  /** The types of resources that are removed with it: the parts of a repository. */
  contains?: readonly string[]
}

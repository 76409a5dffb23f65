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

/** What is known of an outside resource once it is created; plain data without secrets. */
export interface CreatedResource { id: string, url: string, detail?: Record<string, unknown> }

/** How a resource is found and created outside. */
export interface ResourceDriver {
  /**
   * `first`: the provider would take a second one of the same name, so the ledger looks before it creates.
   * `after-interruption`: the provider refuses a second one by itself, so the ledger looks only when an
   * earlier call may have taken effect unseen.
   */
  look: 'first' | 'after-interruption'
  /**
   * Looks for the resource by name and marker; null when it is not there.
   * @param look.ours whether one without a marker can be our own, since it was not there before our intent
   * @param look.others ids of those of that name that belong to another subject
   * @throws ProviderError RESOURCE_CONFLICT when it is there and belongs to somebody else
   */
  find: (look: { ours: boolean, others: string[], runId: string }) => Promise<CreatedResource | null>
  /** Creates the resource. ALREADY_EXISTS sends the ledger back to look. */
  create: () => Promise<CreatedResource>
}

/** A resource that is to be removed. */
export interface KnownResource extends Pick<ResourceIdentity, 'subjectId' | 'service' | 'type' | 'key' | 'name'> {
  rowId: string
  /** Absent when the call that should create it was never answered. */
  externalId: string | null
}

/** What is known of a resource whose removal is leased: `created` is null when only the intent is known. */
export interface Removable { rowId: string, fence: number, created: CreatedResource | null, since: Date, until: Date }

/** How a resource is recognised and removed outside. */
export interface RemovalDriver {
  /**
   * Looks for the resource that was created, or that a lost call may have created.
   * @returns removes it; null when it is not there
   * @throws ProviderError RESOURCE_CONFLICT when it is no longer what was created: then it is left
   */
  find: (removable: Removable) => Promise<(() => Promise<void>) | null>
  /** The types of resources that go with it: the parts of a repository. */
  contains?: readonly string[]
}

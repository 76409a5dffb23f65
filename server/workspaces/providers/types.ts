import type { z } from 'zod'
import type { ObservedState, RepoType, WorkspaceMeta, WorkspaceType } from '../../../shared/schemas/workspace'
import type { Resource } from '../../../shared/schemas/resource'
import type { CreatedResource, ResourceDriver } from '../../lib/resource-driver'
import type { CreatesConfig } from '../../../workflows.config'

/** A variable of the environment that a provider needs. */
export interface Need { variable: string, isSet: boolean, where: string }

/** What a workspace starts from: found once and stored, so that an interrupted run continues from the same. */
export type Base = WorkspaceMeta

/** What a provider needs to create a workspace. */
export interface ProvisionRequest {
  /** Where to create it: `owner/name`, a namespace, a team; null for the default of the environment. */
  parentRef: string | null
  /** `challenge/007-admin-experience-update`. */
  name: string
  /** What people call it. */
  title: string
  /** The marker by which an outside resource is recognised as this workspace's own. */
  marker: string
  /** The branch to start from; absent: the parent's default. */
  baseBranch?: string
  base: Base
  /** Parsed by the provider's options schema. */
  options: Record<string, unknown>
  /** When it was requested: fixed, so that a repeated commit is the same. */
  createdAt: Date
}

/** What was created, as the workspace stores it. */
export interface Provisioned { ref: string, url: string, meta: WorkspaceMeta }

/** A created workspace, as a provider looks at it and removes it. */
export interface ExistingWorkspace { parentRef: string | null, name: string, ref: string, marker: string, meta: WorkspaceMeta }

/** Finds, or else creates, one outside resource exactly once: the ledger's, handed in. */
export type Ensure = (resource: Pick<Resource, 'type' | 'name'>, driver: ResourceDriver) => Promise<CreatedResource>

/** Code that creates, finds and removes one kind of workspace. */
export interface WorkspaceProvider {
  type: WorkspaceType
  /** As people read it, `GitHub Branch`. */
  name: string
  /** Where it creates resources, and how many for one workspace, as the service's rate limit counts them. */
  creates: CreatesConfig
  /** The types of repository in which it creates workspaces. */
  repoTypes: readonly RepoType[]
  /** The schema of its options; the dashboard generates its form from this. */
  options: z.ZodObject
  /** Whether options name something outside that need not belong to the project. A bound key may not choose such. */
  reachesBeyond?: (options: Record<string, unknown>) => boolean
  /** The variables that it needs; it is registered when all of them are set. */
  needs: () => Need[]
  /** The ref that a workspace of that name will have, as far as it is known in advance. */
  refOf: (parentRef: string | null, name: string) => string
  /**
   * Finds what the workspace starts from.
   * @throws ProviderError PARENT_NOT_FOUND
   */
  findBase?: (request: Pick<ProvisionRequest, 'parentRef' | 'baseBranch'>) => Promise<Base>
  /** Creates the workspace, each outside resource by `ensure`. It may be called again after a crash at any point. */
  provision: (request: ProvisionRequest, ensure: Ensure) => Promise<Provisioned>
  /** Its state at this moment. */
  getStatus: (workspace: ExistingWorkspace) => Promise<ObservedState>
  /**
   * Checks whether the workspace may be removed.
   * @returns removes it; null when it does not exist
   * @throws ProviderError RESOURCE_CONFLICT when somebody has worked in it
   */
  deprovision?: (workspace: ExistingWorkspace) => Promise<(() => Promise<void>) | null>
}

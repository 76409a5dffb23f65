import type { z } from 'zod'
import type { ObservedState, RepoType, WorkspaceMeta, WorkspaceType } from '../../../shared/schemas/workspace'
import type { Resource } from '../../../shared/schemas/resource'
import type { CreatedResource, ResourceDriver } from '../../lib/resource-driver'
import type { CreatesConfig } from '../../../workflows.config'

/** A variable of the environment that a provider cannot do without. */
export interface Need { variable: string, isSet: boolean, where: string }

/** What a workspace begins from: found once, and kept, so that an interrupted run goes on from the same. */
export type Base = WorkspaceMeta

/** What is asked of a provider. */
export interface ProvisionRequest {
  /** Where it is to be: `owner/name`, a namespace, a team; null where the environment says. */
  parentRef: string | null
  /** `challenge/007-admin-experience-update`. */
  name: string
  /** What people call it. */
  title: string
  /** The mark by which a thing outside is known again as this workspace's own. */
  marker: string
  /** The branch to begin from; absent: the parent's default. */
  baseBranch?: string
  base: Base
  /** As the provider's options schema gives them. */
  options: Record<string, unknown>
  /** When it was asked for: fixed, so that what is made twice is the same. */
  createdAt: Date
}

/** What was made, as the workspace keeps it. */
export interface Provisioned { ref: string, url: string, meta: WorkspaceMeta }

/** A workspace that was made, as it is looked at and removed. */
export interface ExistingWorkspace { parentRef: string | null, name: string, ref: string, marker: string, meta: WorkspaceMeta }

/** Finds, or else creates, one outside resource exactly once: the ledger's, handed in. */
export type Ensure = (thing: Pick<Resource, 'type' | 'name'>, maker: ResourceDriver) => Promise<CreatedResource>

/** Code that can make, find and remove one kind of workspace. */
export interface WorkspaceProvider {
  type: WorkspaceType
  /** As people read it, `GitHub Branch`. */
  name: string
  /** Where it creates resources, and how many one workspace takes, as the service's rate limit counts them. */
  creates: CreatesConfig
  /** The types of repository in which it creates workspaces. */
  repoTypes: readonly RepoType[]
  /** What a person can tell it; its form in the dashboard is made from this. */
  options: z.ZodObject
  /** What it needs; it is registered when all of it is set. */
  needs: () => Need[]
  /** The ref that a workspace of that name will have, as far as it is known before. */
  refOf: (parentRef: string | null, name: string) => string
  /**
   * Finds what the workspace begins from.
   * @throws ProviderError PARENT_NOT_FOUND
   */
  findBase?: (request: Pick<ProvisionRequest, 'parentRef' | 'baseBranch'>) => Promise<Base>
  /** Makes the workspace, each outside thing by `ensure`. May be asked again after a crash at any point. */
  provision: (request: ProvisionRequest, ensure: Ensure) => Promise<Provisioned>
  /** What it is like at this moment. */
  getStatus: (workspace: ExistingWorkspace) => Promise<ObservedState>
  /**
   * Looks whether the workspace may be removed.
   * @returns removes it; null when it is not there
   * @throws ProviderError RESOURCE_CONFLICT when somebody has worked in it
   */
  deprovision?: (workspace: ExistingWorkspace) => Promise<(() => Promise<void>) | null>
}

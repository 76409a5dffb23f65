import type { Mutex } from '../core/mutex.ts'
import type { Call } from '../core/pipeline.ts'
import type { GitRepositories } from './git/repositories.ts'
import type { SettingsStore, Token } from './settings.ts'
import type { Store } from './store.ts'

/** The state that all handlers of the GitHub emulator share. */
export interface GitHubBackend {
  url: string
  apiUrl: string
  store: Store
  settings: SettingsStore
  /** Repositories whose creation is in progress: `owner/name` in lower case. */
  creating: Set<string>
  /** Serialises the ref changes of each repository folder, including git pushes. */
  refs: Mutex
  git: GitRepositories
}

/** The token's owner, or null for a call without a token. */
export type Identity = Token | null
export type GitHubCall = Call<Identity>

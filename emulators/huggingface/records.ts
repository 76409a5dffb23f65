export const SDKS = ['gradio', 'streamlit', 'docker', 'static'] as const

export interface Commit { id: string, title: string, message: string, user: string, date: string }

export interface Space {
  /** `namespace/name`, as it is spelt. */
  id: string
  /** The Hub's own id, which outlives a renaming. */
  objectId: string
  sdk: typeof SDKS[number]
  private: boolean
  createdAt: string
  /** Content by path. */
  files: Record<string, string>
  /** Newest first. */
  commits: Commit[]
}

/** Who calls: a user with the namespaces in which the token may write. */
export interface Identity { role: 'read' | 'write' }

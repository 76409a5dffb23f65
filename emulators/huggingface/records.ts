export const SDKS = ['gradio', 'streamlit', 'docker', 'static'] as const

export interface Commit { id: string, title: string, message: string, user: string, date: string }

export interface Space {
  /** `namespace/name`, in its original case. */
  id: string
  /** The Hub's own id, which a rename keeps. */
  objectId: string
  sdk: typeof SDKS[number]
  private: boolean
  createdAt: string
  /** Content by path. */
  files: Record<string, string>
  /** Newest first. */
  commits: Commit[]
}

/** The caller's rights. */
export interface Identity { role: 'read' | 'write' }

/** A running emulator. */
export interface Emulator {
  /** Origin, such as `http://127.0.0.1:4500`; web pages and `/__emulator` live under it. */
  readonly url: string
  /** What a client takes as its API base URL. */
  readonly apiUrl: string
  readonly port: number
  /** Ends open connections and closes the state; what was acknowledged stays on disk. */
  close(): Promise<void>
}

export interface StartOptions {
  /** 0 or absent: any free port. */
  port?: number
  /** Folder of the state; made when absent, found again by the next start. */
  dataDir: string
}

/** A plain JSON object, as a request body is before it was checked. */
export type JsonObject = Record<string, unknown>

/** Tells a JSON object from arrays, null and scalars. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

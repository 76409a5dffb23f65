/** A running emulator. */
export interface Emulator {
  /** Origin, such as `http://127.0.0.1:4500`, of the web pages and of `/__emulator`. */
  readonly url: string
  /** The API base URL for clients. */
  readonly apiUrl: string
  readonly port: number
  /** The token of every request, where it is made at the first start. */
  readonly token?: string
  /** Closes open connections and the state file. Acknowledged writes stay on disk. */
  close(): Promise<void>
}

export interface StartOptions {
  /** 0 or absent: any free port. */
  port?: number
  /** Folder of the state. The first start creates it; later starts reuse it. */
  dataDir: string
}

/** A JSON object, such as a request body before validation. */
export type JsonObject = Record<string, unknown>

/** Tells a JSON object from arrays, null and scalars. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

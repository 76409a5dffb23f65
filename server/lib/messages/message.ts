/** A text, or a function that writes it from the details of one case. */
export type Text = string | ((details: never) => string)

/** The message about one kind of case. Its key in the catalog is its id. */
export interface Message {
  /** The stable word for programs; by default the id. Messages about related cases share one. */
  code?: string
  /** The HTTP status of a message that answers a request. */
  status?: number
  /** Whether the same call may succeed later by itself; present where an outside service fails. */
  retryable?: boolean
  /** What happened. */
  message: Text
  /** Why it happened. */
  why: Text
  /** What to do, as an imperative. */
  fix: Text
}

/** The messages of one area, by id. */
export type Messages = Record<string, Message>

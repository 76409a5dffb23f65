/** What is known of an outside thing once it is made; plain data without secrets. */
export interface CreatedResource { id: string, url: string, detail?: Record<string, unknown> }

/** How a thing is found and made outside. */
export interface ResourceDriver {
  /**
   * `first`: the provider would take a second one of the same name, so look before making.
   * `after-interruption`: the provider refuses a second one by itself, so a look is only
   * needed when an earlier call may have taken effect unseen.
   */
  look: 'first' | 'after-interruption'
  /**
   * Looks for the thing by name and marker; null when it is not there.
   * @param look.ours whether one that carries no marker can be our own, since it was not there before our intent
   * @param look.others ids of those of that name that are known to be another subject's
   * @throws ProviderError RESOURCE_CONFLICT when it is there and somebody else's
   */
  find: (look: { ours: boolean, others: string[], runId: string }) => Promise<CreatedResource | null>
  /** Makes the thing. ALREADY_EXISTS sends the ledger back to look. */
  create: () => Promise<CreatedResource>
}

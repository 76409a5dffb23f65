/** A challenge's number as its workspaces have it, `007`. */
export const paddedIndex = (index: number): string => String(index).padStart(3, '0')

/** The branch of a ref, `challenge/007-admin` of `refs/heads/challenge/007-admin`; other refs as they are. */
export const branchOf = (ref: string): string => ref.replace(/^refs\/heads\//, '')

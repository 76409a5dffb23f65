/** The marker of a demonstration's repository. */
export const markerOf = (subjectId: string) => `atelier:${subjectId}/main`

/** The subject of runs that are about the installation itself. */
export const INSTALLATION_ID = '00000000-0000-0000-0000-000000000000'

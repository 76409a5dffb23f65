export { awaitLastCalls } from './await-last-calls'
export { removeFromDiscord } from './remove-from-discord'
export { removeRepos } from './remove-repos'

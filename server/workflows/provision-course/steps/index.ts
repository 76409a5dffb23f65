export { openChannels } from './open-channels'
export { openRepos } from './open-repos'

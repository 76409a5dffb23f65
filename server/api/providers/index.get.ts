import { handle } from '../../http/handle'
import { providers, toProvider } from '../../workspaces'

export default handle('listProviders', () => Promise.resolve({ items: providers.map(toProvider) }))

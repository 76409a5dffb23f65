import { z } from 'zod'
import { isRegistered, providers } from '../../workspaces/providers'
import { handle } from '../../http/handle'

export default handle('listProviders', () => Promise.resolve({
  items: providers.map(provider => ({
    type: provider.type,
    name: provider.name,
    repoTypes: [...provider.repoTypes],
    registered: isRegistered(provider),
    needs: provider.needs(),
    hasBase: provider.findBase !== undefined,
    options: z.toJSONSchema(provider.options, { io: 'input' }),
  })),
}))

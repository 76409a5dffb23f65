import { HF_ORG } from '../../../../../../emulators/defaults.ts'
import type { HuggingFaceState } from '../../../../../../emulators/huggingface/index.ts'
import { hfSpace } from '../../../../../../server/workspaces/providers/hf-space/index.ts'
import { externalName } from '../../../../../../server/workspaces/providers/external-name.ts'
import type { Subject } from './subject.ts'

const idOf = (name: string) => `${HF_ORG}/${externalName(['home', name], 96)}`

export const space: Subject = {
  provider: hfSpace,
  emulator: 'huggingface',
  parentRef: `${HF_ORG}/home`,
  operations: ['createRepo', 'commit'],
  count: async (hub, name) => (await hub.state<HuggingFaceState>()).spaces.filter(({ id }) => id === idOf(name)).length,
  stranger: (hub, name) => hub.settings({ seed: { spaces: [{ id: idOf(name) }] } }),
  work: (hub, name) => hub.settings({ seed: { commits: [{ space: idOf(name), path: 'app.py', content: 'print(1)' }] } }),
  nowhere: { parentRef: 'nowhere/home' },
  revoke: hub => hub.settings({ tokens: {} }),
  limited: { status: 429, headers: { ratelimit: '"api";r=0;t=7' } },
}

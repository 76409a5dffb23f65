import { FIGMA_TEAM_ID } from '../../../../../../emulators/defaults.ts'
import type { FigmaState } from '../../../../../../emulators/figma/index.ts'
import { figmaProject } from '../../../../../../server/workspaces/providers/figma-project/index.ts'
import type { Subject } from './subject.ts'

export const project: Subject = {
  provider: figmaProject,
  emulator: 'figma',
  parentRef: FIGMA_TEAM_ID,
  operations: ['getTeamProjects'],
  count: async (figma, name) => (await figma.state<FigmaState>()).teams.flatMap(team => team.projects).filter(project => project.name === name).length,
  person: (figma, name) => figma.settings({ seed: { projects: [{ name }] } }),
  nowhere: { parentRef: '1' },
  revoke: figma => figma.settings({ tokens: [] }),
  limited: { status: 429, headers: { 'retry-after': '7' } },
}

import { HttpError } from '../core/http-error.ts'
import { json } from '../core/response.ts'
import { startEmulator } from '../core/start.ts'
import type { Emulator, StartOptions } from '../core/types.ts'
import { pageRoutes } from './pages.ts'
import { Store } from './store.ts'
import type { Project, Team } from './store.ts'

export interface FigmaState { teams: (Team & { projects: Project[] })[] }

/** An error of Figma: https://www.figma.com/developers/api#errors */
const errorBody = (status: number, err: string) => ({ status, err })

/** Starts the Figma emulator: the REST API of teams, and web pages on which people create projects. */
export const start = (options: StartOptions): Promise<Emulator> => startEmulator('figma', options, (database) => {
  const store = new Store(database)
  return {
    prefix: '/v1',
    pages: pageRoutes(store),
    errorBody,
    authenticate: (call) => {
      const token = call.header('x-figma-token') ?? /^Bearer (.+)$/.exec(call.header('authorization') ?? '')?.[1]
      // Figma answers 403, not 401, to an unknown token.
      if (token === undefined || !store.tokens.includes(token)) throw new HttpError(403, errorBody(403, 'Invalid token'))
      return token
    },
    routes: [{
      method: 'GET',
      path: '/teams/:team/projects',
      operation: 'getTeamProjects',
      subject: call => call.param('team'),
      handler: (call) => {
        const team = store.teams.get(call.param('team'))
        if (team === undefined) throw new HttpError(404, errorBody(404, 'Not found'))
        return json({ name: team.name, projects: store.projectsOf(team.id).map(({ id, name }) => ({ id, name })) })
      },
    }],
    state: (): FigmaState => ({ teams: store.teams.list().map(team => ({ ...team, projects: store.projectsOf(team.id) })) }),
    settings: body => store.apply(body),
    reset: () => store.reset(),
  }
})

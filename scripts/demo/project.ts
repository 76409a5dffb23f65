import type { NewTask } from '../../shared/schemas/task.ts'

/** What the demo sets up beside its courses: a project with one challenge, and a task for each contributor. */
export const demoProject = {
  title: 'City Data Portal',
  description: 'Open data of a city, gathered, checked and shown.',
}

/** The repository that the branches are made in, as a person would have made it before. */
export const demoRepo = { name: 'city-data-portal', title: 'Portal' }

export const demoChallenge = { title: 'First Public Release', status: 'open' as const }

type DemoTask = Pick<NewTask, 'title' | 'type'> & { contributor: { full_name: string, github_username: string } }

export const demoTasks: DemoTask[] = [
  { title: 'Setup Environment', type: 'solo', contributor: { full_name: 'Ada Lovelace', github_username: 'ada-demo' } },
  { title: 'Import the Bus Timetable', type: 'solo', contributor: { full_name: 'Grace Hopper', github_username: 'grace-demo' } },
  { title: 'Draw the Map', type: 'concurrent', contributor: { full_name: 'Edsger Dijkstra', github_username: 'edsger-demo' } },
]

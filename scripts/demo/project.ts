import type { NewTask } from '../../shared/schemas/task.ts'

/** The project of the demo. It has one challenge, and a task for each contributor. */
export const demoProject = {
  title: 'City Data Portal',
  description: 'Open data of a city, collected, checked and published.',
}

/** The repository of the branches. The demo creates it, as a user would before linking it. */
export const demoRepo = { name: 'city-data-portal', title: 'Portal' }

export const demoChallenge = { title: 'First Public Release', status: 'open' as const }

type DemoTask = Pick<NewTask, 'title' | 'type'> & { contributor: { full_name: string, github_username: string } }

export const demoTasks: DemoTask[] = [
  { title: 'Setup Environment', type: 'solo', contributor: { full_name: 'Ada Lovelace', github_username: 'ada-demo' } },
  { title: 'Import the Bus Timetable', type: 'solo', contributor: { full_name: 'Grace Hopper', github_username: 'grace-demo' } },
  { title: 'Draw the Map', type: 'concurrent', contributor: { full_name: 'Edsger Dijkstra', github_username: 'edsger-demo' } },
]

/** A course or a project that a key can be bound to. */
export interface Bindable { id: string, title: string }

/** The largest page that the API allows. */
const PAGE_SIZE = 100

/** All courses and projects, by their titles, to choose from. */
export function useBindable() {
  const call = useApi()
  return useLoad(async () => {
    const [courses, projects] = await Promise.all([
      allOf(page => call('get /api/courses', { query: { page, pageSize: PAGE_SIZE } })),
      allOf(page => call('get /api/projects', { query: { page, pageSize: PAGE_SIZE } })),
    ])
    return {
      courses: sorted(courses.map(({ id, name, semester }) => ({ id, title: `${name}, ${semester}` }))),
      projects: sorted(projects.map(({ uuid, title }) => ({ id: uuid, title }))),
    }
  })
}

async function allOf<T>(load: (page: number) => Promise<{ items: T[], total: number }>): Promise<T[]> {
  const { items, total } = await load(1)
  for (let page = 2; (page - 1) * PAGE_SIZE < total; page++) items.push(...(await load(page)).items)
  return items
}

const sorted = (all: Bindable[]) => all.toSorted((a, b) => a.title.localeCompare(b.title))

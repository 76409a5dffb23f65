import type { Subject } from '../../server/engine/subjects'

/** What demonstrations are about: something that only its id names. */
export const demonstrationSubject: Subject = {
  type: 'demonstration',
  name: 'demonstration',
  load: ids => Promise.resolve(new Map(ids.map(id => [id, { title: `Demonstration ${id.slice(0, 8)}`, href: null }]))),
  itemLabel: key => key === 'main' ? 'The demonstration' : key,
}

import { INSTALLATION_ID, type Subject } from '../engine/subjects'

export { removeAll } from './prune'
export * from './queries'

const here = new Map([[INSTALLATION_ID, { title: 'This installation', href: null }]])

/** The installation itself: the subject of its maintenance. */
export const installationSubject: Subject = {
  type: 'installation',
  name: 'installation',
  load: ids => Promise.resolve(new Map([...here].filter(([id]) => ids.includes(id)))),
  itemLabel: () => 'This installation',
}

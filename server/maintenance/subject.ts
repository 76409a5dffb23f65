import type { Subject } from '../engine/subjects'
import { INSTALLATION_ID } from '../../shared/utils/installation'

/** The installation itself: the subject of its maintenance. */
export const installationSubject: Subject = {
  type: 'installation',
  name: 'installation',
  load: ids => Promise.resolve(new Map(ids.filter(id => id === INSTALLATION_ID).map(id => [id, { title: 'This installation', href: null }]))),
  itemLabel: () => 'This installation',
}

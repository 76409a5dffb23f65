import type { Call, Route } from '../core/pipeline.ts'
import { json } from '../core/refusal.ts'
import type { Place } from '../core/start.ts'
import { isObject } from '../core/types.ts'
import { HF_USER } from '../defaults.ts'
import { alreadyCreated, badRequest, namespaceForbidden, outdated, repoNotFound, writeForbidden } from './errors.ts'
import { spaceInfo } from './present.ts'
import { SDKS } from './records.ts'
import type { Identity, Space } from './records.ts'
import type { Store } from './store.ts'

type HubCall = Call<Identity>

/** https://huggingface.co/docs/hub/repositories-settings: letters, digits, `-`, `_`, `.`, at most 96, no `--` and no `..`. */
const NAME = /^(?!.*(?:--|\.\.))(?![-.])[\w.-]{1,96}(?<![-.])$/

/** The operations of the Hub's API that have to do with Spaces. */
export const apiRoutes = (store: Store, place: Place): Route<Identity>[] => [
  {
    method: 'GET',
    path: '/whoami-v2',
    operation: 'whoami',
    handler: call => json({
      type: 'user', id: '64b0000000000000000000a1', name: HF_USER, fullname: 'Atelier', isPro: false,
      orgs: store.settings.orgs.map(name => ({ type: 'org', name, fullname: name, roleInOrg: 'admin' })),
      auth: { type: 'access_token', accessToken: { displayName: 'atelier', role: call.identity.role } },
    }),
  },
  {
    method: 'POST',
    path: '/repos/create',
    operation: 'createRepo',
    subject: call => `${String(call.body.organization ?? HF_USER)}/${String(call.body.name)}`,
    handler: call => create(store, place, call),
  },
  {
    method: 'DELETE',
    path: '/repos/delete',
    operation: 'deleteRepo',
    subject: call => `${String(call.body.organization ?? HF_USER)}/${String(call.body.name)}`,
    handler: (call) => {
      const { id } = writable(store, call, `${String(call.body.organization ?? HF_USER)}/${String(call.body.name)}`)
      store.spaces.delete(id.toLowerCase())
      return new Response('OK')
    },
  },
  {
    method: 'POST',
    path: '/spaces/:namespace/:name/commit/:revision',
    operation: 'commit',
    subject: call => `${call.param('namespace')}/${call.param('name')}`,
    handler: call => commit(store, place, call),
  },
  {
    method: 'GET',
    path: '/spaces/:namespace/:name/commits/:revision',
    operation: 'listCommits',
    subject: call => `${call.param('namespace')}/${call.param('name')}`,
    handler: (call) => {
      const limit = Number(call.query('limit') ?? 50)
      return json(visible(store, `${call.param('namespace')}/${call.param('name')}`).commits.slice(0, limit)
        .map(({ id, title, message, user, date }) => ({ id, title, message, authors: [{ user, avatar: '' }], date })))
    },
  },
  {
    method: 'GET',
    path: '/spaces/:namespace/:name',
    operation: 'spaceInfo',
    subject: call => `${call.param('namespace')}/${call.param('name')}`,
    handler: call => json(spaceInfo(visible(store, `${call.param('namespace')}/${call.param('name')}`))),
  },
]

/** A private Space of others is answered as if it were not there. */
function visible(store: Store, id: string): Space {
  const space = store.find(id)
  if (space === undefined || (space.private && !store.owns(id.split('/')[0] ?? ''))) throw repoNotFound()
  return space
}

function writable(store: Store, call: HubCall, id: string): Space {
  const space = visible(store, id)
  if (call.identity.role !== 'write' || !store.owns(id.split('/')[0] ?? '')) throw writeForbidden()
  return space
}

function create(store: Store, place: Place, call: HubCall): Response {
  const { type, name, organization = HF_USER, sdk } = call.body
  if (type !== 'space') throw badRequest('the emulator makes Spaces only')
  if (typeof name !== 'string' || !NAME.test(name)) throw badRequest(`Invalid repo name: ${String(name)}`)
  if (!SDKS.some(known => known === sdk)) throw badRequest(`"sdk" must be one of [${SDKS.join(', ')}]`)
  if (call.identity.role !== 'write' || !store.owns(String(organization))) throw namespaceForbidden(String(organization))
  const id = `${String(organization)}/${name}`
  const url = `${place.url}/spaces/${id}`
  if (store.find(id)) throw alreadyCreated(id, url)
  const { objectId } = store.create({ id, sdk: sdk as Space['sdk'], private: call.body.private === true }, HF_USER)
  return json({ url, name: id, id: objectId })
}

/** Lines of a commit: one header, then files. */
function commit(store: Store, place: Place, call: HubCall): Response {
  const space = writable(store, call, `${call.param('namespace')}/${call.param('name')}`)
  const lines = (Array.isArray(call.body.items) ? call.body.items : []).filter(isObject)
  const header = lines.find(line => line.key === 'header')?.value
  if (!isObject(header) || typeof header.summary !== 'string' || header.summary === '') throw badRequest('"summary" is required')
  if (header.parentCommit !== undefined && header.parentCommit !== space.commits[0]?.id) throw outdated()
  const files = lines.filter(line => line.key === 'file').map(line => line.value).filter(isObject).map(({ path, content, encoding }) =>
    [String(path), Buffer.from(String(content), encoding === 'base64' ? 'base64' : 'utf8').toString('utf8')])
  const [made] = store.commit(space, { files: Object.fromEntries(files) as Record<string, string>, title: header.summary, message: String(header.description ?? '') }, HF_USER).commits
  return json({ success: true, commitOid: made?.id, commitUrl: `${place.url}/spaces/${space.id}/commit/${made?.id}`, hookOutput: '' })
}

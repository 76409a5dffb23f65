import type { Call, EarlyCall, Route } from '../core/pipeline.ts'
import { json } from '../core/response.ts'
import type { Address } from '../core/start.ts'
import { isObject } from '../core/types.ts'
import { HF_USER } from '../defaults.ts'
import { alreadyCreated, badRequest, namespaceForbidden, outdatedParent, repoNotFound, writeForbidden } from './errors.ts'
import { spaceInfo } from './serializer.ts'
import { SDKS } from './records.ts'
import type { Identity, Space } from './records.ts'
import type { Store } from './store.ts'

type HubCall = Call<Identity>

/**
 * Letters, digits, `-`, `_`, `.`, at most 96, no `--` and no `..`.
 * https://huggingface.co/docs/hub/repositories-settings
 */
const NAME = /^(?!.*(?:--|\.\.))(?![-.])[\w.-]{1,96}(?<![-.])$/

/** The operations of the Hub's API on Spaces. */
export const apiRoutes = (store: Store, address: Address): Route<Identity>[] => [
  {
    method: 'GET',
    path: '/whoami-v2',
    operation: 'whoami',
    handler: call => json({
      type: 'user',
      id: '64b0000000000000000000a1',
      name: HF_USER,
      fullname: 'Atelier',
      isPro: false,
      orgs: store.settings.orgs.map(name => ({ type: 'org', name, fullname: name, roleInOrg: 'admin' })),
      auth: { type: 'access_token', accessToken: { displayName: 'atelier', role: call.identity.role } },
    }),
  },
  {
    method: 'POST',
    path: '/repos/create',
    operation: 'createRepo',
    subject: bodySpaceId,
    handler: call => create(store, address, call),
  },
  {
    method: 'DELETE',
    path: '/repos/delete',
    operation: 'deleteRepo',
    subject: bodySpaceId,
    handler: (call) => {
      const { id } = requireWritable(store, call, bodySpaceId(call))
      store.spaces.delete(id.toLowerCase())
      return new Response('OK')
    },
  },
  {
    method: 'POST',
    path: '/spaces/:namespace/:name/commit/:revision',
    operation: 'commit',
    subject: spaceId,
    handler: call => commit(store, address, call),
  },
  {
    method: 'GET',
    path: '/spaces/:namespace/:name/commits/:revision',
    operation: 'listCommits',
    subject: spaceId,
    handler: (call) => {
      const limit = Number(call.query('limit') ?? 50)
      return json(requireReadable(store, spaceId(call)).commits.slice(0, limit)
        .map(({ id, title, message, user, date }) => ({ id, title, message, authors: [{ user, avatar: '' }], date })))
    },
  },
  {
    method: 'GET',
    path: '/spaces/:namespace/:name',
    operation: 'spaceInfo',
    subject: spaceId,
    handler: call => json(spaceInfo(requireReadable(store, spaceId(call)))),
  },
]

/** `namespace/name` of the path. */
const spaceId = (call: EarlyCall) => `${call.param('namespace')}/${call.param('name')}`

/** `namespace/name` of the body. */
const bodySpaceId = (call: EarlyCall) => `${String(call.body.organization ?? HF_USER)}/${String(call.body.name)}`

/** The Space, if the caller may read it. The Hub answers 404 to a private Space of others. */
function requireReadable(store: Store, id: string): Space {
  const space = store.find(id)
  if (space === undefined || (space.private && !store.owns(id.split('/')[0] ?? ''))) throw repoNotFound()
  return space
}

/** The Space, if the caller may write to it. */
function requireWritable(store: Store, call: HubCall, id: string): Space {
  const space = requireReadable(store, id)
  if (call.identity.role !== 'write' || !store.owns(id.split('/')[0] ?? '')) throw writeForbidden()
  return space
}

function create(store: Store, address: Address, call: HubCall): Response {
  const { type, name, organization = HF_USER, sdk } = call.body
  if (type !== 'space') throw badRequest('the emulator creates Spaces only')
  if (typeof name !== 'string' || !NAME.test(name)) throw badRequest(`Invalid repo name: ${String(name)}`)
  if (!SDKS.some(known => known === sdk)) throw badRequest(`"sdk" must be one of [${SDKS.join(', ')}]`)
  if (call.identity.role !== 'write' || !store.owns(String(organization))) throw namespaceForbidden(String(organization))
  const id = `${String(organization)}/${name}`
  const url = `${address.url}/spaces/${id}`
  if (store.find(id)) throw alreadyCreated(id, url)
  const { objectId } = store.create({ id, sdk: sdk as Space['sdk'], private: call.body.private === true }, HF_USER)
  return json({ url, name: id, id: objectId })
}

/** Commits the body's lines: one header, then files. */
function commit(store: Store, address: Address, call: HubCall): Response {
  const space = requireWritable(store, call, spaceId(call))
  const lines = (Array.isArray(call.body.items) ? call.body.items : []).filter(isObject)
  const header = lines.find(line => line.key === 'header')?.value
  if (!isObject(header) || typeof header.summary !== 'string' || header.summary === '') throw badRequest('"summary" is required')
  if (header.parentCommit !== undefined && header.parentCommit !== space.commits[0]?.id) throw outdatedParent()
  const files = lines.filter(line => line.key === 'file').map(line => line.value).filter(isObject).map(({ path, content, encoding }) =>
    [String(path), Buffer.from(String(content), encoding === 'base64' ? 'base64' : 'utf8').toString('utf8')])
  const change = {
    files: Object.fromEntries(files) as Record<string, string>,
    title: header.summary,
    message: String(header.description ?? ''),
  }
  const [created] = store.commit(space, change, HF_USER).commits
  return json({
    success: true,
    commitOid: created?.id,
    commitUrl: `${address.url}/spaces/${space.id}/commit/${created?.id}`,
    hookOutput: '',
  })
}

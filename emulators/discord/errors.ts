import { Refusal } from '../core/refusal.ts'

/** One problem of a field, as Discord lists them. */
export interface FieldProblem {
  code: string
  message: string
}

/** Problems by the path of their field, such as `name` or `permission_overwrites.0.id`. */
export type Problems = Record<string, FieldProblem>

function refuse(status: number, code: number, message: string): Refusal {
  return new Refusal(status, { message, code })
}

export const unauthorized = () => refuse(401, 0, '401: Unauthorized')
export const routeNotFound = () => refuse(404, 0, '404: Not Found')
export const methodNotAllowed = () => refuse(405, 0, '405: Method Not Allowed')
export const unknownChannel = () => refuse(404, 10_003, 'Unknown Channel')
export const unknownGuild = () => refuse(404, 10_004, 'Unknown Guild')
export const unknownInvite = () => refuse(404, 10_006, 'Unknown Invite')
export const unknownMember = () => refuse(404, 10_007, 'Unknown Member')
export const unknownMessage = () => refuse(404, 10_008, 'Unknown Message')
export const unknownOverwrite = () => refuse(404, 10_009, 'Unknown Overwrite')
export const unknownRole = () => refuse(404, 10_011, 'Unknown Role')
export const unknownUser = () => refuse(404, 10_013, 'Unknown User')
export const botsCannot = () => refuse(400, 20_001, 'Bots cannot use this endpoint')
export const tooManyRoles = (most: number) => refuse(400, 30_005, `Maximum number of guild roles reached (${most})`)
export const tooManyChannels = (most: number) => refuse(400, 30_013, `Maximum number of server channels reached (${most})`)
export const missingAccess = () => refuse(403, 50_001, 'Missing Access')
export const emptyMessage = () => refuse(400, 50_006, 'Cannot send an empty message')
export const missingPermissions = () => refuse(403, 50_013, 'Missing Permissions')
export const wrongChannelType = () => refuse(400, 50_024, 'Cannot execute action on this channel type')
export const invalidRole = () => refuse(400, 50_028, 'Invalid Role')
export const malformedJson = () => refuse(400, 50_109, 'The request body contains invalid JSON.')

/** 50035 with the tree of errors that names each field. */
export function invalidForm(problems: Problems): Refusal {
  const errors: Record<string, unknown> = {}
  for (const [path, problem] of Object.entries(problems)) {
    let node = errors
    for (const key of path.split('.')) node = (node[key] ??= {}) as Record<string, unknown>
    node._errors = [...(Array.isArray(node._errors) ? node._errors as FieldProblem[] : []), problem]
  }
  return new Refusal(400, { message: 'Invalid Form Body', code: 50_035, errors })
}

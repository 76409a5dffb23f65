import { HttpError } from '../core/http-error.ts'

/** A validation problem of one field. */
export interface FieldProblem {
  code: string
  message: string
}

/** Problems by path of the field, such as `name` or `permission_overwrites.0.id`. */
export type Problems = Record<string, FieldProblem>

function httpError(status: number, code: number, message: string): HttpError {
  return new HttpError(status, { message, code })
}

export const unauthorized = () => httpError(401, 0, '401: Unauthorized')
export const routeNotFound = () => httpError(404, 0, '404: Not Found')
export const methodNotAllowed = () => httpError(405, 0, '405: Method Not Allowed')
export const unknownChannel = () => httpError(404, 10_003, 'Unknown Channel')
export const unknownGuild = () => httpError(404, 10_004, 'Unknown Guild')
export const unknownInvite = () => httpError(404, 10_006, 'Unknown Invite')
export const unknownMember = () => httpError(404, 10_007, 'Unknown Member')
export const unknownMessage = () => httpError(404, 10_008, 'Unknown Message')
export const unknownOverwrite = () => httpError(404, 10_009, 'Unknown Overwrite')
export const unknownRole = () => httpError(404, 10_011, 'Unknown Role')
export const unknownUser = () => httpError(404, 10_013, 'Unknown User')
export const botsCannot = () => httpError(400, 20_001, 'Bots cannot use this endpoint')
export const tooManyRoles = (max: number) => httpError(400, 30_005, `Maximum number of guild roles reached (${max})`)
export const tooManyChannels = (max: number) => httpError(400, 30_013, `Maximum number of server channels reached (${max})`)
export const missingAccess = () => httpError(403, 50_001, 'Missing Access')
export const emptyMessage = () => httpError(400, 50_006, 'Cannot send an empty message')
export const missingPermissions = () => httpError(403, 50_013, 'Missing Permissions')
export const wrongChannelType = () => httpError(400, 50_024, 'Cannot execute action on this channel type')
export const invalidRole = () => httpError(400, 50_028, 'Invalid Role')
export const malformedJson = () => httpError(400, 50_109, 'The request body contains invalid JSON.')

/** Error 50035 with its tree of problems. */
export function invalidForm(problems: Problems): HttpError {
  const errors: Record<string, unknown> = {}
  for (const [path, problem] of Object.entries(problems)) {
    let node = errors
    for (const key of path.split('.')) node = (node[key] ??= {}) as Record<string, unknown>
    node._errors = [...(Array.isArray(node._errors) ? node._errors as FieldProblem[] : []), problem]
  }
  return new HttpError(400, { message: 'Invalid Form Body', code: 50_035, errors })
}

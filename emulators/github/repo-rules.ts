import type { JsonObject } from '../core/types.ts'
import { invalidField, optionalBoolean, optionalString, requiredString } from './body.ts'
import type { Features, Repo } from './records.ts'
import { DEFAULT_FEATURES } from './records.ts'

const CREATION_FAILED = 'Repository creation failed.'
const CONTROL_CHARACTER = /\p{Cc}/u

/** The name that GitHub gives a repository: a dash replaces forbidden characters. @throws HttpError 422 for an invalid name */
export function repoName(body: JsonObject): string {
  const asked = requiredString(body, 'name')
  const name = asked.trim().replace(/[^\w.-]+/g, '-')
  if (name === '') invalidField('Repository', 'name', 'name is too short (minimum is 1 character)', CREATION_FAILED)
  if (name.length > 100) invalidField('Repository', 'name', 'name is too long (maximum is 100 characters)', CREATION_FAILED)
  if (name === '.' || name === '..' || name.toLowerCase().endsWith('.git')) {
    invalidField('Repository', 'name', 'name is reserved', CREATION_FAILED)
  }
  return name
}

export function repoDescription(body: JsonObject): string | null {
  const description = optionalString(body, 'description') ?? null
  if (description !== null && CONTROL_CHARACTER.test(description)) {
    invalidField('Repository', 'description', 'description control characters are not allowed', 'Validation Failed')
  }
  if (description !== null && [...description].length > 350) {
    invalidField('Repository', 'description', 'description is too long (maximum is 350 characters)', 'Validation Failed')
  }
  return description
}

/** Whether the body asks for a private repository. GitHub has two fields for it. */
export function repoPrivate(body: JsonObject, fallback: boolean): boolean {
  const visibility = optionalString(body, 'visibility')
  if (visibility !== undefined && !['public', 'private'].includes(visibility)) {
    invalidField('Repository', 'visibility', 'visibility can\'t be internal for this organization', 'Validation Failed')
  }
  return visibility !== undefined ? visibility === 'private' : optionalBoolean(body, 'private') ?? fallback
}

/** The current features, changed by the body. */
export function repoFeatures(body: JsonObject, current: Features = DEFAULT_FEATURES): Features {
  const features = { ...current }
  for (const key of Object.keys(features) as (keyof Features)[]) features[key] = optionalBoolean(body, key) ?? features[key]
  return features
}

/** @throws HttpError 422 for a name that exists in any case, always */
export function nameTaken(): never {
  invalidField('Repository', 'name', 'name already exists on this account', CREATION_FAILED)
}

/** `owner/name`, the subject of most calls. */
export function fullName(repo: Pick<Repo, 'owner' | 'name'>): string {
  return `${repo.owner}/${repo.name}`
}

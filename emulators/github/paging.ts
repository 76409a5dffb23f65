import { json } from '../core/response.ts'
import type { GitHubCall, GitHubBackend } from './backend.ts'

/** `per_page` (1–100, 30 by default) and `page` (from 1) of a list. */
export function pageOf(call: GitHubCall): { page: number, perPage: number } {
  const number = (name: string, fallback: number) => Number.parseInt(call.query(name) ?? '', 10) || fallback
  return { page: Math.max(1, number('page', 1)), perPage: Math.min(100, Math.max(1, number('per_page', 30))) }
}

/** The requested page of `items`, with GitHub's Link header. */
export function paged<T>(
  backend: GitHubBackend,
  call: GitHubCall,
  items: T[],
  serialize: (item: T) => unknown,
  wrap: (page: unknown[]) => unknown = page => page,
): Response {
  const { page, perPage } = pageOf(call)
  const last = Math.max(1, Math.ceil(items.length / perPage))
  const link = (to: number, rel: string) => {
    const search = new URLSearchParams({ ...call.queries, per_page: String(perPage), page: String(to) })
    return `<${backend.url}${call.path}?${search}>; rel="${rel}"`
  }
  const links = [
    ...(page > 1 ? [link(1, 'first'), link(page - 1, 'prev')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
  ]
  const shown = items.slice((page - 1) * perPage, page * perPage).map(serialize)
  return json(wrap(shown), 200, links.length > 0 ? { link: links.join(', ') } : {})
}

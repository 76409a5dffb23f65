import { z } from 'zod'

/** Query of every paged list. Pages count from 1. */
export const PageQuery = z.strictObject({
  page: z.coerce.number().int().min(1).max(100_000).default(1),
  pageSize: z.coerce.number().int().min(1).max(100).default(50),
})

/** A page of a list, newest first. */
export const page = <T extends z.ZodType>(item: T) => z.object({
  items: z.array(item),
  page: z.int(),
  pageSize: z.int(),
  total: z.int(),
})

/** Which page of a list. */
export interface Paging { page: number, pageSize: number }

export interface Page<T> { items: T[], page: number, pageSize: number, total: number }

import { sql } from 'drizzle-orm'

/** Texts as one parameter: drivers disagree on how an array is written. */
export const textArray = (texts: string[]) => sql`array(select jsonb_array_elements_text(${JSON.stringify(texts)}::jsonb))`

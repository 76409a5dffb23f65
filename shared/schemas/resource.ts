import { z } from 'zod'

/** The services outside in which things are made. */
export const Service = z.enum(['GITHUB', 'DISCORD', 'HUGGINGFACE', 'FIGMA']).meta({ id: 'Service' })
export type Service = z.infer<typeof Service>

/** One thing made outside, with where to find it. */
export const Resource = z.object({
  id: z.uuid(),
  service: Service,
  type: z.enum(['GUILD', 'CATEGORY', 'CHANNEL', 'ROLE', 'REPO', 'BRANCH_PROTECTION', 'SEED_COMMIT', 'BRANCH', 'SPACE', 'PROJECT']),
  key: z.string().meta({ description: 'What it is to the course: `main`, `group-3`, `announcements`.' }),
  name: z.string(),
  externalId: z.string(),
  url: z.url().nullable(),
  groupNumber: z.int().nullable(),
  createdAt: z.iso.datetime(),
}).meta({ id: 'Resource' })
export type Resource = z.infer<typeof Resource>

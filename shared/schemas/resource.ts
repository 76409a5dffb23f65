import { z } from 'zod'

/** The services outside. */
export const Service = z.enum(['GITHUB', 'DISCORD', 'HUGGINGFACE', 'FIGMA', 'KV', 'SANDBOX']).meta({ id: 'Service' })
export type Service = z.infer<typeof Service>

/** The type of a resource as its service names it: `CHANNEL`, `REPO`, `BRANCH`. */
export const ResourceType = z.string().regex(/^[A-Z][A-Z_]{0,39}$/)

/** One resource created outside, with where to find it. */
export const Resource = z.object({
  id: z.uuid(),
  service: Service,
  type: ResourceType,
  key: z.string().meta({ description: 'Which part of its subject it belongs to: `main`, `group-3`, `announcements`.' }),
  label: z.string().meta({ description: 'What people call that part of the subject: `Group 3`.' }),
  name: z.string(),
  externalId: z.string(),
  url: z.url().nullable(),
  runId: z.uuid().meta({ description: 'The run that created it.' }),
  removable: z.boolean().meta({ description: 'Whether a rollback of that run removes it.' }),
  createdAt: z.iso.datetime(),
}).meta({ id: 'Resource' })
export type Resource = z.infer<typeof Resource>

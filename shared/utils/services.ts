import type { Service } from '../schemas/resource'

/** The services outside, as people call them. */
export const serviceNames: Record<Service, string> = {
  GITHUB: 'GitHub', DISCORD: 'Discord', HUGGINGFACE: 'Hugging Face', FIGMA: 'Figma', KV: 'KV', SANDBOX: 'Vercel Sandbox',
}

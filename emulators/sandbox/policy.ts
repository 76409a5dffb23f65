import { BlockList, isIP } from 'node:net'
import { z } from 'zod'
import { badRequest } from './errors.ts'

/** Where a sandbox may connect to, as the service answers it. */
export type NetworkPolicy
  = { mode: 'allow-all' }
    | { mode: 'deny-all' }
    | { mode: 'custom', allowedDomains?: string[], allowedCIDRs?: string[], deniedCIDRs?: string[] }

const requestSchema = z.union([
  z.strictObject({ mode: z.enum(['allow-all', 'deny-all']) }),
  z.strictObject({
    allow: z.union([z.array(z.string()), z.record(z.string(), z.array(z.unknown()))]).optional(),
    subnets: z.strictObject({ allow: z.array(z.string()).optional(), deny: z.array(z.string()).optional() }).optional(),
  }),
])

/** @throws HttpError 400 for rules that change requests: those need a proxy that reads encrypted ones */
export function readPolicy(body: unknown): NetworkPolicy {
  const { success, data } = requestSchema.safeParse(body)
  if (!success) throw badRequest('The network policy is not valid.')
  if ('mode' in data) return data
  const { allow = [], subnets } = data
  if (!Array.isArray(allow) && Object.values(allow).some(rules => rules.length > 0))
    throw badRequest('The emulator has no rules that change requests, only lists of domains.')
  const cidrs = [...subnets?.allow ?? [], ...subnets?.deny ?? []]
  if (!cidrs.every(isCidr)) throw badRequest('A subnet is an address with the length of its prefix, 10.0.0.0/8.')
  return {
    mode: 'custom',
    allowedDomains: Array.isArray(allow) ? allow : Object.keys(allow),
    ...(subnets?.allow && { allowedCIDRs: subnets.allow }),
    ...(subnets?.deny && { deniedCIDRs: subnets.deny }),
  }
}

function isCidr(text: string): boolean {
  const [address = '', prefix = ''] = text.split('/')
  return isIP(address) !== 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= (isIP(address) === 4 ? 32 : 128)
}

/** Whether the policy allows a name. */
export function allowsName(policy: NetworkPolicy, name: string): boolean {
  if (policy.mode !== 'custom') return policy.mode === 'allow-all'
  return (policy.allowedDomains ?? []).some(domain => matches(domain.toLowerCase(), name.toLowerCase()))
}

/** Whether the policy allows an address that a name has, or that was asked for. */
export function allowsAddress(policy: NetworkPolicy, address: string, isNameAllowed: boolean): boolean {
  if (policy.mode !== 'custom') return policy.mode === 'allow-all'
  if (within(policy.deniedCIDRs, address)) return false
  return isNameAllowed || within(policy.allowedCIDRs, address)
}

/** `*` is any name, `*.example.org` any below this one. */
function matches(domain: string, name: string): boolean {
  return domain === '*' || domain === name || (domain.startsWith('*.') && name.endsWith(domain.slice(1)))
}

const familyOf = (address: string) => isIP(address) === 6 ? 'ipv6' : 'ipv4'

function listOf(cidrs: readonly string[]): BlockList {
  const list = new BlockList()
  for (const cidr of cidrs) {
    const [address = '', prefix] = cidr.split('/')
    list.addSubnet(address, Number(prefix), familyOf(address))
  }
  return list
}

const within = (cidrs: string[] | undefined, address: string) => cidrs !== undefined && listOf(cidrs).check(address, familyOf(address))

/** Addresses of this machine, of its networks, and of nobody: https://www.iana.org/assignments/iana-ipv4-special-registry */
const PRIVATE = listOf([
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.168.0.0/16',
  '198.18.0.0/15', '224.0.0.0/3', '::/3', 'fc00::/7', 'fe80::/10', 'ff00::/8',
])

/** Whether an address is not of the public internet. */
export const isPrivate = (address: string): boolean => PRIVATE.check(address, familyOf(address))

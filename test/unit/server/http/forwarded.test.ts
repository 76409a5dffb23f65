import type { H3Event } from 'h3'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { clientAddress, isHttps, sourceAddress } from '../../../../server/http/forwarded.ts'

afterEach(() => void vi.unstubAllEnvs())

const request = (headers: Record<string, string>, remoteAddress = '198.51.100.1') =>
  ({ node: { req: { headers, socket: { remoteAddress } } } }) as unknown as H3Event

describe('the address of a caller', () => {
  it('is the other end of the connection, whatever the headers say, without a proxy', () => {
    expect(clientAddress(request({ 'x-forwarded-for': '203.0.113.9' }))).toBe('198.51.100.1')
    expect(clientAddress(request({}, '::ffff:198.51.100.1'))).toBe('198.51.100.1')
  })

  const seen = [['1', '203.0.113.3'], ['2', '203.0.113.2'], ['3', '203.0.113.1'], ['9', '203.0.113.1']] as const
  it.each(seen)('behind %s proxies is what the first of them saw', (proxies, address) => {
    vi.stubEnv('TRUSTED_PROXIES', proxies)
    expect(clientAddress(request({ 'x-forwarded-for': '203.0.113.1,203.0.113.2 , 203.0.113.3' }))).toBe(address)
    expect(clientAddress(request({}))).toBe('198.51.100.1')
  })

  const spellings = ['2001:db8:0:7::1', '2001:DB8::7:0:0:0:2', '2001:0db8:0000:0007:ffff:ffff:ffff:ffff', '2001:db8:0:7::1%eth0']
  it.each(spellings)('of IPv6 is its network: %s', (address) => {
    expect(clientAddress(request({}, address))).toBe('2001:db8:0:7')
  })

  it('of another network is another', () => {
    expect(clientAddress(request({}, '2001:db8:0:8::1'))).not.toBe('2001:db8:0:7')
    expect(clientAddress(request({}, '::1'))).toBe('0:0:0:0')
  })
})

describe('the address in the audit', () => {
  it('is whole, also of IPv6', () => {
    for (const address of ['198.51.100.1', '2001:db8:0:7::1', '::1']) expect(sourceAddress(request({}, address))).toBe(address)
    expect(sourceAddress(request({}, '::ffff:198.51.100.1'))).toBe('198.51.100.1')
  })

  it('is what the first trusted proxy saw, as far as that is an address', () => {
    expect(sourceAddress(request({ 'x-forwarded-for': '203.0.113.9' }))).toBe('198.51.100.1')
    vi.stubEnv('TRUSTED_PROXIES', '1')
    expect(sourceAddress(request({ 'x-forwarded-for': '10.0.0.1, 203.0.113.9' }))).toBe('203.0.113.9')
    for (const forged of ['=cmd()', '<b>', 'x'.repeat(10_000)])
      expect(sourceAddress(request({ 'x-forwarded-for': forged }))).toBe('unknown')
  })
})

describe('https', () => {
  it('is believed of a trusted proxy alone, and the public address wins', () => {
    const forwarded = request({ 'x-forwarded-proto': 'https' })
    expect(isHttps(forwarded)).toBe(false)
    vi.stubEnv('TRUSTED_PROXIES', '1')
    expect(isHttps(forwarded)).toBe(true)
    expect(isHttps(request({}))).toBe(false)
    vi.stubEnv('ATELIER_PUBLIC_URL', 'http://atelier.example.org')
    expect(isHttps(forwarded)).toBe(false)
    vi.stubEnv('ATELIER_PUBLIC_URL', 'https://atelier.example.org')
    expect(isHttps(request({}))).toBe(true)
  })
})

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { VERCEL_PROJECT_ID } from '../../emulators/defaults.ts'
import type { SandboxState } from '../../emulators/sandbox/index.ts'
import { own } from '../../scripts/lib/own.ts'
import { useStack } from '../support/stack.ts'
import { useDashboard } from './support/browser.ts'

/** What a web page tries when a person visits it: every way to send a request without being asked. */
async function attack({ url, token, body }: { url: string, token: string, body: string }): Promise<string[]> {
  const outcomes: string[] = []
  const attempt = async (name: string, work: () => Promise<unknown>) => {
    outcomes.push(await work().then(answer => `${name}: ${String(answer)}`, () => `${name}: refused`))
  }
  const element = (make: () => HTMLElement) => new Promise((resolve) => {
    const made = make()
    made.onload = () => resolve('loaded')
    made.onerror = () => resolve('refused')
    document.body.append(made)
  })
  const paths = ['/api/v3/sandboxes', '/__emulator/reset', '/__emulator/faults', '/__emulator/state']
  for (const path of paths) {
    const address = url + path
    await attempt('fetch', () => fetch(address, { method: 'POST', body }).then(answer => answer.text()))
    await attempt('fetch with the token', () => fetch(address, {
      method: 'POST', body, headers: { 'authorization': `Bearer ${token}`, 'content-type': 'application/json' },
    }).then(answer => answer.text()))
    await attempt('blind fetch', () => fetch(address, { method: 'POST', body, mode: 'no-cors' }).then(answer => answer.text()))
    await attempt('beacon', () => Promise.resolve(navigator.sendBeacon(address, body)))
    await attempt('image', () => element(() => Object.assign(new Image(), { src: address })))
    await attempt('script', () => element(() => Object.assign(document.createElement('script'), { src: address })))
    const frame = document.createElement('iframe')
    frame.name = `frame-${path}`
    document.body.append(frame)
    const form = document.createElement('form')
    Object.assign(form, { method: 'POST', action: address, target: frame.name, enctype: 'text/plain' })
    form.append(Object.assign(document.createElement('input'), { name: body }))
    document.body.append(form)
    const submitted = new Promise(resolve => frame.addEventListener('load', resolve, { once: true }))
    form.submit()
    await submitted
  }
  return outcomes
}

describe('the sandbox emulator', () => {
  const stack = useStack()
  const dashboard = useDashboard()

  it('does nothing that a web page asks it to', async () => {
    const server = createServer((_, response) => void response.setHeader('content-type', 'text/html').end('<!doctype html>'))
    await own(stack, () => once(server.listen(0, '127.0.0.1'), 'listening'), () => server.close())
    const { sandbox } = dashboard
    const created = await fetch(`${sandbox.url}/api/v3/sandboxes`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sandbox.token}` },
      body: JSON.stringify({ name: 'mine', projectId: VERCEL_PROJECT_ID }),
    })
    expect(created.status).toBe(200)
    const before = { state: await sandbox.state<SandboxState>(), calls: await sandbox.calls(), faults: await sandbox.faults() }

    const { port } = server.address() as AddressInfo
    const body = JSON.stringify({ name: 'theirs', projectId: VERCEL_PROJECT_ID })
    for (const host of ['127.0.0.1', 'localhost']) {
      const page = await dashboard.open(`http://${host}:${port}/`, { apiKey: null })
      const outcomes = await page.evaluate(attack, { url: sandbox.url, token: sandbox.token!, body })
      expect(outcomes).toHaveLength(24)
      // This Chromium lets a page read the answers of other origins, and send any header to them: even so it is refused.
      expect(outcomes.filter(outcome => !/: refused$|"code":"forbidden"|^beacon: true$/.test(outcome))).toEqual([])
    }
    expect({ state: await sandbox.state(), calls: await sandbox.calls(), faults: await sandbox.faults() }).toEqual(before)
  })
})

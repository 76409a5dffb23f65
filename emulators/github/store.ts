import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { transaction } from '../core/database.ts'
import { TABLES } from './schema.ts'
import type { Dispatch, NewRepo, Protection, Repo, RepoChange, Status, WorkflowRun } from './records.ts'

type Row = Record<string, SQLInputValue>

/** Every SQL statement of the GitHub emulator. */
export class Store {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  addRepo(repo: NewRepo): Repo {
    const now = new Date().toISOString()
    const row = this.#one(`
      INSERT INTO repos (dir, owner, name, description, homepage, private, is_template, default_branch, features,
        created_at, updated_at, pushed_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *`,
    repo.dir, repo.owner, repo.name, repo.description, repo.homepage, Number(repo.private), Number(repo.isTemplate),
    repo.defaultBranch, JSON.stringify(repo.features), now, now, now)
    this.#run('DELETE FROM former_names WHERE owner = ? AND name = ?', repo.owner, repo.name)
    return toRepo(row as Row)
  }

  findRepo(owner: string, name: string): Repo | undefined {
    return map(this.#one('SELECT * FROM repos WHERE owner = ? AND name = ?', owner, name), toRepo)
  }

  /** The renamed repository that had this name before. */
  findRenamed(owner: string, name: string): Repo | undefined {
    const row = this.#one(`
      SELECT r.* FROM repos r JOIN former_names f ON f.repo_id = r.id WHERE f.owner = ? AND f.name = ?`, owner, name)
    return map(row, toRepo)
  }

  /** Repositories of one owner, or of all, oldest first. */
  listRepos(owner?: string): Repo[] {
    return this.#all('SELECT * FROM repos WHERE owner = coalesce(?, owner) ORDER BY id', owner ?? null).map(toRepo)
  }

  changeRepo(repo: Repo, change: RepoChange): Repo {
    const next = { ...repo, ...change }
    return transaction(this.#database, () => {
      const row = this.#one(`
        UPDATE repos SET name = ?, description = ?, homepage = ?, private = ?, archived = ?, is_template = ?,
          default_branch = ?, features = ?, updated_at = ?
        WHERE id = ? RETURNING *`,
      next.name, next.description, next.homepage, Number(next.private), Number(next.archived), Number(next.isTemplate),
      next.defaultBranch, JSON.stringify(next.features), new Date().toISOString(), repo.id)
      if (next.name !== repo.name) {
        this.#run('DELETE FROM former_names WHERE owner = ? AND name = ?', repo.owner, next.name)
        this.#run('INSERT OR REPLACE INTO former_names (owner, name, repo_id) VALUES (?, ?, ?)', repo.owner, repo.name, repo.id)
      }
      return toRepo(row as Row)
    })
  }

  /** Updates the time of the last push. */
  touch(repo: Repo): void {
    this.#run('UPDATE repos SET pushed_at = ? WHERE id = ?', new Date().toISOString(), repo.id)
  }

  removeRepo(repo: Repo): void {
    this.#run('DELETE FROM repos WHERE id = ?', repo.id)
  }

  protect(repo: Repo, branch: string, protection: Protection): void {
    this.#run('INSERT INTO protections (repo_id, branch, body) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body',
      repo.id, branch, JSON.stringify(protection))
  }

  protection(repo: Repo, branch: string): Protection | undefined {
    return map(this.#one('SELECT body FROM protections WHERE repo_id = ? AND branch = ?', repo.id, branch), toProtection)
  }

  /** Protection by branch name. */
  protections(repo: Repo): Map<string, Protection> {
    return new Map(this.#all('SELECT branch, body FROM protections WHERE repo_id = ?', repo.id)
      .map(row => [String(row.branch), toProtection(row)]))
  }

  unprotect(repo: Repo, branch: string): boolean {
    return this.#run('DELETE FROM protections WHERE repo_id = ? AND branch = ?', repo.id, branch) > 0
  }

  addStatus(repo: Repo, status: Omit<Status, 'id' | 'created_at'>): Status {
    return this.#one(`INSERT INTO statuses (repo_id, sha, state, context, description, target_url, creator, created_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING *`, repo.id, status.sha, status.state, status.context, status.description,
    status.target_url, status.creator, new Date().toISOString()) as unknown as Status
  }

  /** Statuses of a commit, newest first. Without `sha`: of the whole repository. */
  statuses(repo: Repo, sha?: string): Status[] {
    const rows = this.#all('SELECT * FROM statuses WHERE repo_id = ? AND sha = coalesce(?, sha) ORDER BY id DESC', repo.id, sha ?? null)
    return rows as unknown as Status[]
  }

  addDispatch(repo: Repo, dispatch: Omit<Dispatch, 'id' | 'at'>): void {
    this.#run('INSERT INTO dispatches (repo_id, event_type, client_payload, sender, at) VALUES (?, ?, ?, ?, ?)',
      repo.id, dispatch.event_type, JSON.stringify(dispatch.client_payload), dispatch.sender, new Date().toISOString())
  }

  dispatches(repo: Repo): Dispatch[] {
    return this.#all('SELECT id, event_type, client_payload, sender, at FROM dispatches WHERE repo_id = ? ORDER BY id', repo.id)
      .map(row => ({ ...row, client_payload: JSON.parse(String(row.client_payload)) as object }) as unknown as Dispatch)
  }

  addRun(repo: Repo, run: Omit<WorkflowRun, 'id' | 'created_at'>): void {
    this.#run(`
      INSERT INTO runs (repo_id, name, event, status, conclusion, head_branch, head_sha, created_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    repo.id, run.name, run.event, run.status, run.conclusion, run.head_branch, run.head_sha, new Date().toISOString())
  }

  addIssue(repo: Repo, title: string): void {
    this.#run('INSERT INTO issues (repo_id, title) VALUES (?, ?)', repo.id, title)
  }

  countIssues(repo: Repo): number {
    return Number(this.#one('SELECT count(*) AS count FROM issues WHERE repo_id = ?', repo.id)!.count)
  }

  /** Workflow runs of a repository, newest first. */
  runs(repo: Repo): WorkflowRun[] {
    return this.#all('SELECT * FROM runs WHERE repo_id = ? ORDER BY id DESC', repo.id) as unknown as WorkflowRun[]
  }

  /** Deletes all rows and resets the ids. */
  deleteAll(): void {
    transaction(this.#database, () => {
      for (const table of TABLES) this.#database.exec(`DELETE FROM ${table}`)
      this.#database.exec('DELETE FROM sqlite_sequence')
    })
  }

  #statement(sql: string): StatementSync {
    const prepared = this.#statements.get(sql)
    if (prepared) return prepared
    const statement = this.#database.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }

  #one(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...values)
  }

  #all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#statement(sql).all(...values)
  }

  #run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).changes)
  }
}

function map<T>(row: Row | undefined, to: (row: Row) => T): T | undefined {
  return row === undefined ? undefined : to(row)
}

function toProtection(row: Row): Protection {
  return JSON.parse(String(row.body)) as Protection
}

function toRepo(row: Row): Repo {
  return {
    id: Number(row.id),
    dir: String(row.dir),
    owner: String(row.owner),
    name: String(row.name),
    description: row.description as string | null,
    homepage: row.homepage as string | null,
    private: row.private === 1,
    archived: row.archived === 1,
    isTemplate: row.is_template === 1,
    defaultBranch: String(row.default_branch),
    features: JSON.parse(String(row.features)) as Repo['features'],
    createdAt: String(row.created_at),
    updatedAt: String(row.updated_at),
    pushedAt: String(row.pushed_at),
  }
}

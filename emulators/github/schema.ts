import { CALLS_SCHEMA } from '../core/calls.ts'

/** Tables of the emulator. Git objects and refs are in bare repositories next to the database. */
export const SCHEMA = `${CALLS_SCHEMA}
  CREATE TABLE IF NOT EXISTS settings (id INTEGER PRIMARY KEY CHECK (id = 1), body TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS repos (
    id INTEGER PRIMARY KEY AUTOINCREMENT, dir TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL COLLATE NOCASE, name TEXT NOT NULL COLLATE NOCASE,
    description TEXT, homepage TEXT, private INTEGER NOT NULL, archived INTEGER NOT NULL DEFAULT 0,
    is_template INTEGER NOT NULL DEFAULT 0, default_branch TEXT NOT NULL, features TEXT NOT NULL,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL, pushed_at TEXT NOT NULL,
    UNIQUE (owner, name)
  );
  CREATE TABLE IF NOT EXISTS former_names (
    owner TEXT NOT NULL COLLATE NOCASE, name TEXT NOT NULL COLLATE NOCASE,
    repo_id INTEGER NOT NULL REFERENCES repos (id) ON DELETE CASCADE, PRIMARY KEY (owner, name)
  );
  CREATE TABLE IF NOT EXISTS protections (
    repo_id INTEGER NOT NULL REFERENCES repos (id) ON DELETE CASCADE, branch TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (repo_id, branch)
  );
  CREATE TABLE IF NOT EXISTS statuses (
    id INTEGER PRIMARY KEY AUTOINCREMENT, repo_id INTEGER NOT NULL REFERENCES repos (id) ON DELETE CASCADE,
    sha TEXT NOT NULL, state TEXT NOT NULL, context TEXT NOT NULL, description TEXT, target_url TEXT,
    creator TEXT NOT NULL, created_at TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS statuses_of_commit ON statuses (repo_id, sha);
  CREATE TABLE IF NOT EXISTS dispatches (
    id INTEGER PRIMARY KEY AUTOINCREMENT, repo_id INTEGER NOT NULL REFERENCES repos (id) ON DELETE CASCADE,
    event_type TEXT NOT NULL, client_payload TEXT NOT NULL, sender TEXT NOT NULL, at TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, repo_id INTEGER NOT NULL REFERENCES repos (id) ON DELETE CASCADE,
    name TEXT NOT NULL, event TEXT NOT NULL, status TEXT NOT NULL, conclusion TEXT,
    head_branch TEXT NOT NULL, head_sha TEXT NOT NULL, created_at TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS issues (
    id INTEGER PRIMARY KEY AUTOINCREMENT, repo_id INTEGER NOT NULL REFERENCES repos (id) ON DELETE CASCADE,
    title TEXT NOT NULL
  );
`

/** The tables that a reset empties. */
export const TABLES = ['calls', 'settings', 'former_names', 'protections', 'statuses', 'dispatches', 'runs', 'issues', 'repos']

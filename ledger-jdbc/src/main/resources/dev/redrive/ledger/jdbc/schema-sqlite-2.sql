-- Makes a ledger in an empty SQLite file. SQLite never had version 1.
-- Times are microseconds since 1970, UTC. The tables are described in the script for PostgreSQL.

CREATE TABLE redrive_schema (
  version INTEGER NOT NULL
);

CREATE TABLE redrive_account (
  account_no INTEGER PRIMARY KEY,
  provider TEXT NOT NULL,
  name TEXT NOT NULL,
  unique_ids INTEGER NOT NULL,
  UNIQUE (provider, name)
);

-- Runs can be forgotten: no number may stand for another one later.
CREATE TABLE redrive_run (
  run_no INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  process TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  approved INTEGER NOT NULL,
  stop_asked INTEGER NOT NULL,
  ended_at INTEGER,
  end_state TEXT,
  found INTEGER,
  skipped TEXT,
  delivered INTEGER,
  failed_again INTEGER,
  pending INTEGER,
  rejected INTEGER,
  outcome_unknown INTEGER,
  not_sent INTEGER
);

CREATE TABLE redrive_run_account (
  run_no INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  account_no INTEGER NOT NULL,
  PRIMARY KEY (run_no, ordinal)
);

CREATE TABLE redrive_delivery (
  id INTEGER PRIMARY KEY,
  account_no INTEGER NOT NULL,
  key_id TEXT NOT NULL,
  lineage TEXT NOT NULL,
  attempt_id TEXT,
  log_id TEXT,
  attempt_lineage TEXT,
  subject INTEGER,
  cause TEXT NOT NULL,
  webhook_id TEXT,
  endpoint TEXT,
  event_id TEXT,
  event_type TEXT,
  http_status INTEGER,
  attempt_number INTEGER,
  created_at INTEGER,
  attempted_at INTEGER,
  first_cause TEXT,
  first_status INTEGER,
  first_at INTEGER,
  UNIQUE (lineage, account_no)
);

CREATE INDEX redrive_delivery_subject ON redrive_delivery (subject) WHERE subject IS NOT NULL;

CREATE TABLE redrive_state (
  id INTEGER PRIMARY KEY,
  account_no INTEGER NOT NULL,
  state TEXT NOT NULL,
  run_no INTEGER NOT NULL,
  place INTEGER,
  open_run INTEGER,
  out_subject INTEGER,
  approved INTEGER NOT NULL,
  round INTEGER NOT NULL,
  sends INTEGER NOT NULL,
  new_log_id TEXT,
  log_hash INTEGER,
  reason TEXT,
  requested_at INTEGER,
  lost_at INTEGER,
  settled_at INTEGER,
  lease_until INTEGER,
  again_at INTEGER,
  sent_by INTEGER
);

CREATE INDEX redrive_state_waiting ON redrive_state (account_no, place, id) WHERE place IS NOT NULL;

CREATE INDEX redrive_state_open ON redrive_state (open_run, id) WHERE open_run IS NOT NULL;

CREATE INDEX redrive_state_out ON redrive_state (out_subject) WHERE out_subject IS NOT NULL;

CREATE INDEX redrive_state_again ON redrive_state (account_no, again_at) WHERE again_at IS NOT NULL;

CREATE INDEX redrive_state_log ON redrive_state (log_hash) WHERE log_hash IS NOT NULL;

CREATE TABLE redrive_log (
  hash INTEGER NOT NULL,
  delivery_id INTEGER NOT NULL,
  log_id TEXT NOT NULL,
  PRIMARY KEY (hash, delivery_id)
) WITHOUT ROWID;

CREATE INDEX redrive_log_delivery ON redrive_log (delivery_id);

CREATE TABLE redrive_given (
  run_no INTEGER NOT NULL,
  id INTEGER NOT NULL,
  account_no INTEGER NOT NULL,
  round INTEGER NOT NULL,
  listed_as INTEGER,
  held INTEGER NOT NULL,
  PRIMARY KEY (run_no, id)
) WITHOUT ROWID;

-- Until when an account's provider is left alone, because a run was asked to at paused_at.
CREATE TABLE redrive_pause (
  account_no INTEGER PRIMARY KEY,
  paused_at INTEGER,
  paused_until INTEGER
);

-- The latest requests to an account's provider that limits of a scope count, numbered on; no more
-- than the scope's longest window reaches.
CREATE TABLE redrive_turn (
  account_no INTEGER NOT NULL,
  scope TEXT NOT NULL,
  turn_no INTEGER NOT NULL,
  taken_at INTEGER NOT NULL,
  PRIMARY KEY (account_no, scope, turn_no)
) WITHOUT ROWID;

-- The line of requests to the receiver: one row.
CREATE TABLE redrive_rate (
  rate_no INTEGER PRIMARY KEY,
  taken_at INTEGER NOT NULL,
  free_at INTEGER NOT NULL,
  interval_micros INTEGER NOT NULL,
  paced_at INTEGER NOT NULL
);

-- How far the failures of an account were seen by continuous recoveries, and whose turn it is.
CREATE TABLE redrive_window (
  account_no INTEGER NOT NULL,
  name TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  complete_until INTEGER NOT NULL,
  run TEXT,
  taken_at INTEGER,
  PRIMARY KEY (account_no, name)
);

-- Webhooks whose endpoints failed so many times in a row, and until when they are left alone.
CREATE TABLE redrive_rest (
  account_no INTEGER NOT NULL,
  webhook_key TEXT NOT NULL,
  webhook_id TEXT NOT NULL,
  failures INTEGER NOT NULL,
  rest_until INTEGER NOT NULL,
  PRIMARY KEY (account_no, webhook_key)
);

CREATE TABLE redrive_earlier_retry (
  delivery_id INTEGER NOT NULL,
  send_no INTEGER NOT NULL,
  run_no INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  new_log_id TEXT,
  cause TEXT,
  http_status INTEGER,
  requested_at INTEGER NOT NULL,
  settled_at INTEGER,
  PRIMARY KEY (delivery_id, send_no)
) WITHOUT ROWID;

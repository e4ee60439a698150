-- Times are microseconds since 1970, UTC.
-- Brings a database without a ledger to version 1, on SQLite. May be interrupted
-- and run again. The next version goes into a file of its own.

CREATE TABLE IF NOT EXISTS redrive_schema (
  version INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS redrive_account (
  account_no INTEGER PRIMARY KEY,
  provider TEXT NOT NULL,
  name TEXT NOT NULL,
  UNIQUE (provider, name)
);

CREATE TABLE IF NOT EXISTS redrive_run (
  run_no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  process TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  lease_until INTEGER NOT NULL,
  taken_over INTEGER NOT NULL,
  ended_at INTEGER,
  found INTEGER,
  skipped TEXT,
  delivered INTEGER,
  failed_again INTEGER,
  pending INTEGER,
  rejected INTEGER,
  outcome_unknown INTEGER,
  not_sent INTEGER
);

CREATE TABLE IF NOT EXISTS redrive_run_account (
  run_no INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  account_no INTEGER NOT NULL,
  PRIMARY KEY (run_no, ordinal)
);

-- What a provider told of a delivery.
-- subject tells deliveries that reading cannot tell apart: a hash of webhook and event.
-- attempt_id, log_id and attempt_lineage are null where they equal key_id, attempt_id and lineage.
CREATE TABLE IF NOT EXISTS redrive_delivery (
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
  UNIQUE (lineage, account_no)
);

CREATE INDEX IF NOT EXISTS redrive_delivery_subject ON redrive_delivery (subject);

-- Where a delivery stands. It changes with every step, and a change rewrites the row and its place
-- in every index: the less there is of it, the better.
-- state is UNDECIDED where the outcome was read as UNKNOWN: nobody asks for it again.
-- place orders deliveries within their state: by age what waits, by id what is to be asked for.
CREATE TABLE IF NOT EXISTS redrive_state (
  id INTEGER PRIMARY KEY,
  account_no INTEGER NOT NULL,
  state TEXT NOT NULL,
  run_no INTEGER NOT NULL,
  place INTEGER NOT NULL,
  sends INTEGER NOT NULL,
  new_log_id TEXT,
  reason TEXT,
  requested_at INTEGER,
  lost_at INTEGER,
  settled_at INTEGER
);

CREATE INDEX IF NOT EXISTS redrive_state_queue ON redrive_state (account_no, state, run_no, place, id);

-- The logs that retries made: none of them is ever a new delivery. They come in any order, so that
-- each changes another page of an index: hash keeps those pages small, and the log of an ACCEPTED
-- delivery is in its state alone until it is settled, many at once.
CREATE TABLE IF NOT EXISTS redrive_log (
  hash INTEGER NOT NULL,
  log_id TEXT NOT NULL,
  account_no INTEGER NOT NULL,
  delivery_id INTEGER NOT NULL
);

CREATE INDEX IF NOT EXISTS redrive_log_hash ON redrive_log (hash);

CREATE INDEX IF NOT EXISTS redrive_log_delivery ON redrive_log (delivery_id);

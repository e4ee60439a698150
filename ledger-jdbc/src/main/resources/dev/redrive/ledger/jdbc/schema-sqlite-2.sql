-- Brings version 1 to version 2.

-- Whether what the run was given may be sent; what others found is forgotten.
ALTER TABLE redrive_run ADD COLUMN approved INTEGER DEFAULT FALSE NOT NULL;

-- How it ended; null while it goes on.
ALTER TABLE redrive_run ADD COLUMN end_state TEXT;

-- When it was last seen alive.
ALTER TABLE redrive_run ADD COLUMN seen_at INTEGER DEFAULT 0 NOT NULL;

ALTER TABLE redrive_run DROP COLUMN lease_until;

ALTER TABLE redrive_run DROP COLUMN taken_over;

-- How often it was put into the queue again, after it had failed again or was rejected.
ALTER TABLE redrive_state ADD COLUMN round INTEGER DEFAULT 0 NOT NULL;

-- Until when its claim is left alone.
ALTER TABLE redrive_state ADD COLUMN lease_until INTEGER;

-- Which runs were given which deliveries, in which round. What waits has no other owner: its run_no
-- is 0 until a run claims it.
-- listed_as is a hash of the key under which the run counts it; null if it was not listed to it.
-- held: the run does not send it.
CREATE TABLE redrive_given (
  run_no INTEGER NOT NULL,
  id INTEGER NOT NULL,
  round INTEGER NOT NULL,
  listed_as INTEGER,
  held INTEGER DEFAULT FALSE NOT NULL,
  PRIMARY KEY (run_no, id)
) WITHOUT ROWID;

CREATE INDEX redrive_given_id ON redrive_given (id);

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

-- Brings version 1 to version 2. May be interrupted and run again.

-- Whether what the run was given may be sent; what others found is forgotten.
ALTER TABLE redrive_run ADD COLUMN IF NOT EXISTS approved BOOLEAN DEFAULT FALSE NOT NULL;

-- How it ended; null while it goes on, and where version 1 ended it.
ALTER TABLE redrive_run ADD COLUMN IF NOT EXISTS end_state VARCHAR(12);

-- When it was last seen alive.
ALTER TABLE redrive_run ADD COLUMN IF NOT EXISTS seen_at TIMESTAMP(6) WITH TIME ZONE;

UPDATE redrive_run SET seen_at = started_at WHERE seen_at IS NULL;

ALTER TABLE redrive_run ALTER COLUMN seen_at SET NOT NULL;

ALTER TABLE redrive_run DROP COLUMN IF EXISTS lease_until;

ALTER TABLE redrive_run DROP COLUMN IF EXISTS taken_over;

-- A run that claimed anything had been approved.
UPDATE redrive_run SET approved = TRUE WHERE EXISTS (
  SELECT 1 FROM redrive_state s
  WHERE s.run_no = redrive_run.run_no AND s.state <> 'FOUND' AND s.requested_at >= redrive_run.started_at
);

-- How often it was put into the queue again, after it had failed again or was rejected.
ALTER TABLE redrive_state ADD COLUMN IF NOT EXISTS round INT DEFAULT 0 NOT NULL;

-- Until when its claim is left alone.
ALTER TABLE redrive_state ADD COLUMN IF NOT EXISTS lease_until TIMESTAMP(6) WITH TIME ZONE;

-- Which runs were given which deliveries, in which round. What waits has no other owner: its run_no
-- is 0 until a run claims it.
-- listed_as is a hash of the key under which the run counts it; null if it was not listed to it.
-- held: the run does not send it.
CREATE TABLE IF NOT EXISTS redrive_given (
  run_no BIGINT NOT NULL,
  id BIGINT NOT NULL,
  round INT NOT NULL,
  listed_as BIGINT,
  held BOOLEAN DEFAULT FALSE NOT NULL,
  PRIMARY KEY (run_no, id)
);

CREATE INDEX IF NOT EXISTS redrive_given_id ON redrive_given (id);

INSERT INTO redrive_given (run_no, id, round)
SELECT run_no, id, 0 FROM redrive_state WHERE run_no <> 0 ON CONFLICT DO NOTHING;

-- Attempts of other deliveries: they are known as logs of those.
DELETE FROM redrive_given WHERE id IN (SELECT id FROM redrive_state WHERE state = 'JOINED');

DELETE FROM redrive_delivery WHERE id IN (SELECT id FROM redrive_state WHERE state = 'JOINED');

DELETE FROM redrive_state WHERE state = 'JOINED';

UPDATE redrive_state SET run_no = 0 WHERE state = 'FOUND';

-- Until when an account's provider is left alone, because a run was asked to at paused_at. The row
-- is locked while turns of the account are taken.
CREATE TABLE IF NOT EXISTS redrive_pause (
  account_no INT PRIMARY KEY,
  paused_at TIMESTAMP(6) WITH TIME ZONE,
  paused_until TIMESTAMP(6) WITH TIME ZONE
);

-- The latest requests to an account's provider that limits of a scope count, numbered on; no more
-- than the scope's longest window reaches.
CREATE TABLE IF NOT EXISTS redrive_turn (
  account_no INT NOT NULL,
  scope VARCHAR(16) NOT NULL,
  turn_no BIGINT NOT NULL,
  taken_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  PRIMARY KEY (account_no, scope, turn_no)
);

-- The line of requests to the receiver: one row.
CREATE TABLE IF NOT EXISTS redrive_rate (
  rate_no INT PRIMARY KEY,
  taken_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  free_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  interval_micros BIGINT NOT NULL,
  paced_at TIMESTAMP(6) WITH TIME ZONE NOT NULL
);

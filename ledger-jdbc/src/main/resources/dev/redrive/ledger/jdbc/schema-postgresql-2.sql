-- Brings version 1 to version 2, in one transaction.
-- All times become microseconds since 1970, UTC, as in SQLite.

-- Whether the ids of its deliveries are unique at the provider: then its name is only a label.
ALTER TABLE redrive_account ADD COLUMN unique_ids BOOLEAN DEFAULT FALSE NOT NULL;

ALTER TABLE redrive_run ALTER COLUMN started_at TYPE BIGINT
  USING CAST(EXTRACT(EPOCH FROM started_at) * 1000000 AS BIGINT);

ALTER TABLE redrive_run ALTER COLUMN ended_at TYPE BIGINT
  USING CAST(EXTRACT(EPOCH FROM ended_at) * 1000000 AS BIGINT);

-- Whether what the run was given may be sent; what others found is forgotten.
ALTER TABLE redrive_run ADD COLUMN approved BOOLEAN DEFAULT FALSE NOT NULL;

-- Whether a person had it end, wherever it is.
ALTER TABLE redrive_run ADD COLUMN stop_asked BOOLEAN DEFAULT FALSE NOT NULL;

-- How it ended; null while it goes on, and where version 1 ended it.
ALTER TABLE redrive_run ADD COLUMN end_state VARCHAR(12);

-- When it was last seen alive.
ALTER TABLE redrive_run ADD COLUMN seen_at BIGINT;

UPDATE redrive_run SET seen_at = started_at;

ALTER TABLE redrive_run ALTER COLUMN seen_at SET NOT NULL;

ALTER TABLE redrive_run DROP COLUMN lease_until, DROP COLUMN taken_over;

ALTER TABLE redrive_delivery ALTER COLUMN created_at TYPE BIGINT
  USING CAST(EXTRACT(EPOCH FROM created_at) * 1000000 AS BIGINT);

ALTER TABLE redrive_delivery ALTER COLUMN attempted_at TYPE BIGINT
  USING CAST(EXTRACT(EPOCH FROM attempted_at) * 1000000 AS BIGINT);

-- The failure as it was first found; null as long as it is that of the latest attempt.
ALTER TABLE redrive_delivery ADD COLUMN first_cause VARCHAR(20), ADD COLUMN first_status INT,
  ADD COLUMN first_at BIGINT;

ALTER TABLE redrive_state ALTER COLUMN requested_at TYPE BIGINT
  USING CAST(EXTRACT(EPOCH FROM requested_at) * 1000000 AS BIGINT);

ALTER TABLE redrive_state ALTER COLUMN lost_at TYPE BIGINT
  USING CAST(EXTRACT(EPOCH FROM lost_at) * 1000000 AS BIGINT);

ALTER TABLE redrive_state ALTER COLUMN settled_at TYPE BIGINT
  USING CAST(EXTRACT(EPOCH FROM settled_at) * 1000000 AS BIGINT);

-- Each index holds only the rows that are in some stage, so that a change of stage touches few.
-- place: the queue's order while it waits, by age; null otherwise.
-- open_run: the run that answers for it while it is under way and worth asking for; null otherwise.
--   run_no is the one that claimed or took it up last; 0 while it waits, -1 where a person settled
--   what no run had sent.
-- out_subject: its subject while a new log of it may be taken for that of another delivery.
-- log_hash: of new_log_id. Logs of earlier retries are in redrive_log.
-- approved: an approved run was to send it in this round.
-- round: how often it was put into the queue again, after it had failed again or was rejected.
-- lease_until: until then its claim is left alone; by the database's clock.
-- again_at: when a continuous recovery may send it once more, after it failed again; null otherwise.
ALTER TABLE redrive_state ALTER COLUMN place DROP NOT NULL, ADD COLUMN open_run BIGINT,
  ADD COLUMN out_subject BIGINT, ADD COLUMN log_hash BIGINT,
  ADD COLUMN approved BOOLEAN DEFAULT FALSE NOT NULL, ADD COLUMN round INT DEFAULT 0 NOT NULL,
  ADD COLUMN lease_until BIGINT, ADD COLUMN again_at BIGINT;

-- Which runs were given which deliveries, for which account and in which round. Any of them may
-- claim what waits.
-- listed_as is a hash of the key under which the run counts it; null if it was not listed to it.
-- held: the run does not send it.
CREATE TABLE redrive_given (
  run_no BIGINT NOT NULL,
  id BIGINT NOT NULL,
  account_no INT NOT NULL,
  round INT NOT NULL,
  listed_as BIGINT,
  held BOOLEAN NOT NULL,
  PRIMARY KEY (run_no, id)
);

-- A run that claimed anything had been approved.
UPDATE redrive_run SET approved = TRUE WHERE EXISTS (
  SELECT 1 FROM redrive_state s
  WHERE s.run_no = redrive_run.run_no AND s.state <> 'FOUND' AND s.requested_at >= redrive_run.started_at
);

UPDATE redrive_state SET approved = TRUE WHERE EXISTS (
  SELECT 1 FROM redrive_run r WHERE r.run_no = redrive_state.run_no AND r.approved
);

INSERT INTO redrive_given (run_no, id, account_no, round, held)
SELECT run_no, id, account_no, 0, FALSE FROM redrive_state WHERE run_no <> 0;

-- Attempts of other deliveries: they are known as logs of those.
DELETE FROM redrive_given WHERE id IN (SELECT id FROM redrive_state WHERE state = 'JOINED');

DELETE FROM redrive_delivery WHERE id IN (SELECT id FROM redrive_state WHERE state = 'JOINED');

DELETE FROM redrive_state WHERE state = 'JOINED';

UPDATE redrive_state SET run_no = 0 WHERE state = 'FOUND';

UPDATE redrive_state s SET
  place = CASE WHEN s.state = 'FOUND' THEN COALESCE(d.created_at, -9223372036854775808) END,
  open_run = CASE WHEN s.state IN ('SENDING', 'ACCEPTED', 'UNKNOWN') THEN s.run_no END,
  out_subject = CASE WHEN s.state IN ('SENDING', 'UNKNOWN') THEN d.subject END
FROM redrive_delivery d WHERE d.id = s.id;

-- The first eight bytes of its SHA-256, as for all hashes here.
UPDATE redrive_state SET log_hash = CAST(CAST('x' || SUBSTR(ENCODE(SHA256(CONVERT_TO(new_log_id, 'UTF8')), 'hex'), 1, 16) AS BIT(64)) AS BIGINT)
WHERE new_log_id IS NOT NULL;

DELETE FROM redrive_log a USING redrive_log b
WHERE a.hash = b.hash AND a.delivery_id = b.delivery_id AND a.ctid > b.ctid;

DROP INDEX redrive_log_hash;

ALTER TABLE redrive_log DROP COLUMN account_no, ADD PRIMARY KEY (hash, delivery_id);

DROP INDEX redrive_state_queue;

CREATE INDEX redrive_state_waiting ON redrive_state (account_no, place, id) WHERE place IS NOT NULL;

CREATE INDEX redrive_state_open ON redrive_state (open_run, id) WHERE open_run IS NOT NULL;

CREATE INDEX redrive_state_out ON redrive_state (out_subject) WHERE out_subject IS NOT NULL;

CREATE INDEX redrive_state_again ON redrive_state (account_no, again_at) WHERE again_at IS NOT NULL;

CREATE INDEX redrive_state_log ON redrive_state (log_hash) WHERE log_hash IS NOT NULL;

DROP INDEX redrive_delivery_subject;

CREATE INDEX redrive_delivery_subject ON redrive_delivery (subject) WHERE subject IS NOT NULL;

-- Room for changes beside each row, which then touch no index.
ALTER TABLE redrive_state SET (fillfactor = 60);

-- Until when an account's provider is left alone, because a run was asked to at paused_at. The row
-- is locked while turns of the account are taken.
CREATE TABLE redrive_pause (
  account_no INT PRIMARY KEY,
  paused_at BIGINT,
  paused_until BIGINT
);

-- The latest requests to an account's provider that limits of a scope count, numbered on; no more
-- than the scope's longest window reaches.
CREATE TABLE redrive_turn (
  account_no INT NOT NULL,
  scope VARCHAR(16) NOT NULL,
  turn_no BIGINT NOT NULL,
  taken_at BIGINT NOT NULL,
  PRIMARY KEY (account_no, scope, turn_no)
);

-- The line of requests to the receiver: one row.
CREATE TABLE redrive_rate (
  rate_no INT PRIMARY KEY,
  taken_at BIGINT NOT NULL,
  free_at BIGINT NOT NULL,
  interval_micros BIGINT NOT NULL,
  paced_at BIGINT NOT NULL
);

-- How far the failures of an account were seen by continuous recoveries, and whose turn it is.
CREATE TABLE redrive_window (
  account_no INT NOT NULL,
  name TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  complete_until BIGINT NOT NULL,
  run TEXT,
  taken_at BIGINT,
  PRIMARY KEY (account_no, name)
);

-- Webhooks whose endpoints failed so many times in a row, and until when they are left alone.
CREATE TABLE redrive_rest (
  account_no INT NOT NULL,
  webhook_key TEXT NOT NULL,
  webhook_id TEXT NOT NULL,
  failures INT NOT NULL,
  rest_until BIGINT NOT NULL,
  PRIMARY KEY (account_no, webhook_key)
);

-- The run that sent what another run took up; null where that is run_no.
ALTER TABLE redrive_state ADD COLUMN sent_by BIGINT;

-- The retries of a delivery but for the latest one, which is in redrive_state while run_no is that
-- of a run. send_no is what sends was then, run_no the run that sent it.
CREATE TABLE redrive_earlier_retry (
  delivery_id BIGINT NOT NULL,
  send_no INT NOT NULL,
  run_no BIGINT NOT NULL,
  state VARCHAR(12) NOT NULL,
  reason VARCHAR,
  new_log_id VARCHAR,
  cause VARCHAR(20),
  http_status INT,
  requested_at BIGINT NOT NULL,
  settled_at BIGINT,
  PRIMARY KEY (delivery_id, send_no)
);

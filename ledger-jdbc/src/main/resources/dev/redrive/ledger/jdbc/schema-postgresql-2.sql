-- Brings version 1 to version 2. May be interrupted and run again.

-- Whether what the run found may be sent; what others found is forgotten.
ALTER TABLE redrive_run ADD COLUMN IF NOT EXISTS approved BOOLEAN DEFAULT FALSE NOT NULL;

-- How it ended; null while it goes on, and where version 1 ended it.
ALTER TABLE redrive_run ADD COLUMN IF NOT EXISTS end_state VARCHAR(12);

-- Whether an earlier run that was approved was to send it.
ALTER TABLE redrive_state ADD COLUMN IF NOT EXISTS approved BOOLEAN DEFAULT FALSE NOT NULL;

-- A hash of the key under which its run counted it; null if it has not been listed to it.
ALTER TABLE redrive_state ADD COLUMN IF NOT EXISTS listed_as BIGINT;

-- A run that claimed anything had been approved.
UPDATE redrive_run SET approved = TRUE WHERE EXISTS (
  SELECT 1 FROM redrive_state s
  WHERE s.run_no = redrive_run.run_no AND s.state <> 'FOUND' AND s.requested_at >= redrive_run.started_at
);

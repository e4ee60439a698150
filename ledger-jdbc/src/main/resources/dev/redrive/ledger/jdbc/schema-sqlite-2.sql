-- Brings version 1 to version 2.

-- Whether what the run found may be sent; what others found is forgotten.
ALTER TABLE redrive_run ADD COLUMN approved INTEGER DEFAULT FALSE NOT NULL;

-- How it ended; null while it goes on.
ALTER TABLE redrive_run ADD COLUMN end_state TEXT;

-- Whether an earlier run that was approved was to send it.
ALTER TABLE redrive_state ADD COLUMN approved INTEGER DEFAULT FALSE NOT NULL;

-- A hash of the key under which its run counted it; null if it has not been listed to it.
ALTER TABLE redrive_state ADD COLUMN listed_as INTEGER;

-- The kind of the error in the data of the state: of a failed job, or of one that is scheduled for another attempt. In other states it is
-- what it was before, or null.
ALTER TABLE {s}job ADD COLUMN failure text COLLATE "C";
CREATE INDEX job_failed_alike ON {s}job (failure, state_at, id) WHERE state = 'Failed';
CREATE INDEX job_retrying ON {s}job (state_at, id) WHERE state = 'Scheduled' AND failure IS NOT NULL;

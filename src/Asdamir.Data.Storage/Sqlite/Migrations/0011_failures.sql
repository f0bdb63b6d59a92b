-- The kind of the error in the data of the state: of a failed job, or of one that is scheduled for another attempt. In other states it is
-- what it was before, or null.
ALTER TABLE job ADD COLUMN failure TEXT;
CREATE INDEX job_failed_alike ON job (failure, state_at, id) WHERE state = 'Failed';
CREATE INDEX job_retrying ON job (state_at, id) WHERE state = 'Scheduled' AND failure IS NOT NULL;

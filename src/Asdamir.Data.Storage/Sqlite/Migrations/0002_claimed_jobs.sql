-- A writer that changes a job checks whether it was claimed recently. Few rows are claimed at a time, so those of a lease need no index.
DROP INDEX queue_claimed;
CREATE INDEX queue_claimed ON queue (job_id) WHERE claimed_by IS NOT NULL;

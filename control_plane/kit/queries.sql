-- name: lock
-- $1: key
SELECT pg_advisory_lock($1);

-- name: unlock
-- $1: key
SELECT pg_advisory_unlock($1);

-- name: try_lock
-- $1: key
SELECT pg_try_advisory_lock($1);

-- name: claim_run
-- $1: job, $2: interval in seconds. A row only when the interval has passed since the last run; 5 %
-- less is enough, since the caller's clock may run faster than the server's.
INSERT INTO job_runs AS last (name, ran_at) VALUES ($1, now())
ON CONFLICT (name) DO UPDATE SET ran_at = excluded.ran_at
  WHERE last.ran_at <= excluded.ran_at - make_interval(secs => $2::integer * 0.95)
RETURNING name;

-- name: alive
SELECT 1;

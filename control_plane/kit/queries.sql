-- name: lock
-- $1: key
SELECT pg_advisory_lock($1);

-- name: unlock
-- $1: key
SELECT pg_advisory_unlock($1);

-- name: try_lock
-- $1: key
SELECT pg_try_advisory_lock($1);

-- name: take_turn
-- $1: what, $2: seconds. A row only when that long has passed since somebody did it; the little
-- less is for a caller whose own wait is a shade shorter than the server's clock says.
INSERT INTO schedules AS had (name, ran_at) VALUES ($1, now())
ON CONFLICT (name) DO UPDATE SET ran_at = excluded.ran_at
  WHERE had.ran_at <= excluded.ran_at - make_interval(secs => $2::integer * 0.95)
RETURNING name;

-- name: alive
SELECT 1;

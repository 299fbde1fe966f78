-- name: create
-- $1: hash of the id, $2: hash of the browser, $3: request, $4: seconds it lives
INSERT INTO interactions (id_hash, browser_hash, request, expires_at)
VALUES ($1, $2, $3, now() + make_interval(secs => $4::integer));

-- name: find
-- $1: hash of the id, $2: hash of the browser
SELECT request::text AS request, started_at FROM interactions
WHERE id_hash = $1 AND browser_hash = $2 AND expires_at > now();

-- name: end
-- $1: hash of the id. A row for the one caller that ended it.
DELETE FROM interactions WHERE id_hash = $1 RETURNING id_hash;

-- name: prune
DELETE FROM interactions WHERE expires_at < now();

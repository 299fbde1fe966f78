-- name: create
-- $1: hash of the id, $2: user, $3: methods, $4: ip, $5: user agent, $6: seconds it lives at most
INSERT INTO browser_sessions (id_hash, user_id, methods, ip, user_agent, expires_at)
VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6::integer));

-- name: rotate
-- $1: hash of the old id, $2: hash of the new one, $3: user, $4: methods, $5: ip, $6: user agent,
-- $7: seconds it lives at most. No row unless it is a session of this user.
UPDATE browser_sessions SET id_hash = $2, authenticated_at = now(), seen_at = now(), methods = $4,
  ip = $5, user_agent = $6, expires_at = now() + make_interval(secs => $7::integer)
WHERE id_hash = $1 AND user_id = $3 RETURNING id;

-- name: find
-- $1: hash of the id, $2: seconds it may be idle. Of users who may still sign in.
UPDATE browser_sessions AS session SET seen_at = now() FROM users
WHERE id_hash = $1 AND expires_at > now()
  AND seen_at > now() - make_interval(secs => $2::integer)
  AND users.id = session.user_id AND users.deleted_at IS NULL AND users.state = 'active'
RETURNING session.id, session.user_id, session.authenticated_at, session.methods;

-- name: end
-- $1: hash of the id
DELETE FROM browser_sessions WHERE id_hash = $1 RETURNING id;

-- name: end_all
-- $1: user, $2: the one that stays, or null
DELETE FROM browser_sessions WHERE user_id = $1 AND ($2::uuid IS NULL OR id <> $2);

-- name: prune
-- $1: seconds a session may be idle
DELETE FROM browser_sessions
WHERE expires_at < now() OR seen_at < now() - make_interval(secs => $1::integer);

-- name: list_sessions
-- $1: user, $2: seconds a session may be idle
SELECT id_hash AS id, authenticated_at, seen_at, ip, user_agent FROM browser_sessions
WHERE user_id = $1 AND expires_at > now() AND seen_at > now() - make_interval(secs => $2::integer)
ORDER BY seen_at DESC, id_hash;

-- name: end_one
-- $1: user, $2: hash of the session's id
DELETE FROM browser_sessions WHERE user_id = $1 AND id_hash = $2 RETURNING id;

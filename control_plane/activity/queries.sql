-- name: record
-- $1: user, $2: kind, $3: client or null, $4: ip, $5: user agent
INSERT INTO sign_in_events (user_id, kind, client_id, ip, user_agent)
VALUES ($1, $2, $3, $4, $5);

-- name: list_events
-- $1: user
SELECT kind, client_id, ip, user_agent, occurred_at FROM sign_in_events
WHERE user_id = $1 ORDER BY id DESC LIMIT 50;

-- name: record
-- $1: user, $2: kind, $3: client or null, $4: ip, $5: user agent
INSERT INTO account_activity (user_id, kind, client_id, ip, user_agent)
VALUES ($1, $2, $3, $4, $5);

-- name: list_events
-- $1: user
SELECT kind, client_id, ip, user_agent, occurred_at FROM account_activity
WHERE user_id = $1 ORDER BY id DESC LIMIT 50;

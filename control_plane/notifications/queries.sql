-- name: enqueue
-- $1: recipient, $2: subject, $3: body, $4: the same as HTML
INSERT INTO email_outbox (recipient, subject, body, html) VALUES ($1, $2, $3, $4);

-- name: list_recent
SELECT id, recipient, subject, body, html, created_at FROM email_outbox ORDER BY id DESC LIMIT 50;

-- name: find_html
-- $1: id
SELECT html FROM email_outbox WHERE id = $1;

-- name: take_due
-- Locked until the transaction ends.
SELECT id, recipient, subject, body, html, created_at FROM email_outbox
WHERE sent_at IS NULL AND due_at <= now() ORDER BY due_at LIMIT 20 FOR UPDATE SKIP LOCKED;

-- name: mark_sent
-- $1: id. Links are secrets, so the content is deleted.
UPDATE email_outbox SET sent_at = now(), body = '', html = '' WHERE id = $1;

-- name: retry_later
-- $1: id. Exponential backoff, at most one hour.
UPDATE email_outbox SET attempts = attempts + 1,
  due_at = now() + least(interval '1 hour', interval '10 seconds' * power(2, least(attempts, 10)))
WHERE id = $1;

-- name: discard
-- $1: id
DELETE FROM email_outbox WHERE id = $1;

-- name: prune
DELETE FROM email_outbox WHERE created_at < now() - interval '7 days';

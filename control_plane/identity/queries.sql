-- name: erase
-- $1: how many at most. Every table with personal data is named here.
WITH due AS (
  SELECT id, email FROM users
  WHERE deleted_at < now() - interval '30 days' AND state <> 'closed'
  ORDER BY deleted_at LIMIT $1 FOR UPDATE SKIP LOCKED),
erased AS (
  UPDATE users SET email = 'erased-' || id || '@invalid', email_verified = false,
    password_hash = NULL, username = NULL, first_name = NULL, last_name = NULL,
    profile_picture_url = NULL, last_login_at = NULL, is_admin = false, state = 'closed',
    updated_at = now()
  WHERE id IN (SELECT id FROM due)),
ended AS (
  UPDATE subscriptions SET status = 'expired', updated_at = now()
  WHERE user_id IN (SELECT id FROM due) AND status IN ('trialing', 'active', 'past_due')),
in_preferences AS (DELETE FROM user_preferences WHERE user_id IN (SELECT id FROM due)),
in_keys AS (DELETE FROM api_keys WHERE user_id IN (SELECT id FROM due)),
in_sessions AS (DELETE FROM browser_sessions WHERE user_id IN (SELECT id FROM due)),
in_grants AS (DELETE FROM grants WHERE user_id IN (SELECT id FROM due)),
in_consents AS (DELETE FROM consents WHERE user_id IN (SELECT id FROM due)),
in_events AS (DELETE FROM account_activity WHERE user_id IN (SELECT id FROM due)),
in_links AS (DELETE FROM email_links WHERE user_id IN (SELECT id FROM due)),
in_totp AS (DELETE FROM totp_secrets WHERE user_id IN (SELECT id FROM due)),
in_codes AS (DELETE FROM recovery_codes WHERE user_id IN (SELECT id FROM due)),
in_passkeys AS (DELETE FROM passkeys WHERE user_id IN (SELECT id FROM due)),
in_steps AS (DELETE FROM mfa_challenges WHERE user_id IN (SELECT id FROM due)),
in_mails AS (DELETE FROM email_outbox WHERE recipient IN (SELECT email FROM due))
SELECT count(*) FROM due;

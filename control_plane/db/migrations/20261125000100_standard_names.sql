-- Tables, columns and values named by the words of the field. Nothing else changes.

-- migrate:up
ALTER TABLE accounts RENAME gv TO change_seq;
ALTER TABLE accounts RENAME booked TO posted;
ALTER TABLE accounts RENAME CONSTRAINT accounts_gv_check TO accounts_change_seq_check;
ALTER TABLE accounts RENAME CONSTRAINT accounts_booked_check TO accounts_posted_check;

ALTER TABLE lots RENAME gv TO change_seq;
ALTER TABLE lots RENAME CONSTRAINT lots_gv_check TO lots_change_seq_check;
ALTER TABLE lots RENAME CONSTRAINT lots_account_gv_key TO lots_account_change_seq_key;

ALTER TABLE ledger_tx RENAME gv TO change_seq;
ALTER TABLE ledger_tx
  RENAME CONSTRAINT ledger_tx_account_gv_key TO ledger_tx_account_change_seq_key;
ALTER TABLE ledger_tx DISABLE TRIGGER ledger_tx_append_only;
UPDATE ledger_tx SET kind = 'lots_expired' WHERE kind = 'lapsed';
UPDATE ledger_tx SET kind = 'netted' WHERE kind = 'levelled';
ALTER TABLE ledger_tx ENABLE TRIGGER ledger_tx_append_only;

ALTER TABLE grant_outbox RENAME TO account_changes;
ALTER TABLE account_changes RENAME gv TO change_seq;
ALTER TABLE account_changes RENAME moved TO net_amount;
ALTER TABLE account_changes RENAME CONSTRAINT grant_outbox_pkey TO account_changes_pkey;
ALTER TABLE account_changes RENAME CONSTRAINT grant_outbox_check TO account_changes_grant_check;
ALTER TABLE account_changes RENAME CONSTRAINT grant_outbox_check1 TO account_changes_amend_check;
ALTER TABLE account_changes
  RENAME CONSTRAINT grant_outbox_correction_check TO account_changes_correction_check;
ALTER TABLE account_changes
  RENAME CONSTRAINT grant_outbox_floor_check TO account_changes_floor_check;
ALTER TABLE account_changes
  RENAME CONSTRAINT grant_outbox_gv_check TO account_changes_change_seq_check;
ALTER TABLE account_changes RENAME CONSTRAINT grant_outbox_kind_check TO account_changes_kind_check;
ALTER TABLE account_changes
  RENAME CONSTRAINT grant_outbox_account_fkey TO account_changes_account_fkey;
ALTER TABLE account_changes RENAME CONSTRAINT grant_outbox_lot_fkey TO account_changes_lot_fkey;
ALTER INDEX grant_outbox_undelivered RENAME TO account_changes_undelivered;
ALTER INDEX grant_outbox_waiting RENAME TO account_changes_waiting;
DROP TRIGGER grant_outbox_notify ON account_changes;
DROP FUNCTION grant_outbox_notify();
CREATE FUNCTION account_changes_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('account_changes', '');
  RETURN NULL;
END $$;
CREATE TRIGGER account_changes_notify AFTER INSERT ON account_changes
  FOR EACH STATEMENT EXECUTE FUNCTION account_changes_notify();

ALTER TABLE recon_runs RENAME TO reconciliation_runs;
ALTER TABLE reconciliation_runs RENAME CONSTRAINT recon_runs_pkey TO reconciliation_runs_pkey;
ALTER SEQUENCE recon_runs_id_seq RENAME TO reconciliation_runs_id_seq;

ALTER TABLE schedules RENAME TO job_runs;
ALTER TABLE job_runs RENAME CONSTRAINT schedules_pkey TO job_runs_pkey;
UPDATE job_runs SET name = 'lot_expiry' WHERE name = 'lapse';
UPDATE job_runs SET name = 'subscription_renewal' WHERE name = 'renew';
UPDATE job_runs SET name = 'cleanup' WHERE name = 'tidy';
UPDATE job_runs SET name = 'reconciliation' WHERE name = 'reconcile';

ALTER TABLE mails RENAME TO email_outbox;
ALTER TABLE email_outbox RENAME CONSTRAINT mails_pkey TO email_outbox_pkey;
ALTER SEQUENCE mails_id_seq RENAME TO email_outbox_id_seq;
ALTER INDEX mails_due RENAME TO email_outbox_due;

ALTER TABLE mailed_links RENAME TO email_links;
ALTER TABLE email_links RENAME CONSTRAINT mailed_links_pkey TO email_links_pkey;
ALTER TABLE email_links RENAME CONSTRAINT mailed_links_user_id_fkey TO email_links_user_id_fkey;
ALTER INDEX mailed_links_of_user RENAME TO email_links_of_user;
ALTER TABLE email_links DROP CONSTRAINT mailed_links_purpose_check;
UPDATE email_links SET purpose = 'revert_email' WHERE purpose = 'undo_email';
ALTER TABLE email_links ADD CONSTRAINT email_links_purpose_check
  CHECK (purpose IN ('verify_email', 'reset_password', 'change_email', 'revert_email'));
DROP INDEX mailed_links_undo;
CREATE INDEX email_links_revert ON email_links (email) WHERE purpose = 'revert_email';

ALTER TABLE sign_in_events RENAME TO account_activity;
ALTER TABLE account_activity RENAME CONSTRAINT sign_in_events_pkey TO account_activity_pkey;
ALTER TABLE account_activity
  RENAME CONSTRAINT sign_in_events_user_id_fkey TO account_activity_user_id_fkey;
ALTER SEQUENCE sign_in_events_id_seq RENAME TO account_activity_id_seq;
ALTER INDEX sign_in_events_of_user RENAME TO account_activity_of_user;
UPDATE account_activity SET kind = 'email_reverted' WHERE kind = 'email_restored';
UPDATE account_activity SET kind = 'recovery_codes_created' WHERE kind = 'recovery_codes_made';

ALTER TABLE login_steps RENAME TO mfa_challenges;
ALTER TABLE mfa_challenges RENAME tries TO attempts;
ALTER TABLE mfa_challenges RENAME CONSTRAINT login_steps_pkey TO mfa_challenges_pkey;
ALTER TABLE mfa_challenges
  RENAME CONSTRAINT login_steps_user_id_fkey TO mfa_challenges_user_id_fkey;
ALTER INDEX login_steps_of_user RENAME TO mfa_challenges_of_user;

ALTER TABLE spent_challenges RENAME TO used_challenges;
ALTER TABLE used_challenges RENAME spent_at TO used_at;
ALTER TABLE used_challenges RENAME CONSTRAINT spent_challenges_pkey TO used_challenges_pkey;
ALTER INDEX spent_challenges_by_time RENAME TO used_challenges_by_time;

ALTER TABLE consents RENAME given_at TO granted_at;
ALTER TABLE interactions RENAME began_at TO started_at;
ALTER TABLE model_routes RENAME tried_order TO priority;
ALTER TABLE model_routes
  RENAME CONSTRAINT model_routes_tried_order_check TO model_routes_priority_check;

-- PostgreSQL 18 names NOT NULL constraints after the column they were created with.
DO $$
DECLARE each record;
BEGIN
  FOR each IN
    SELECT r.relname AS tab, c.conname AS old, format('%s_%s_not_null', r.relname, a.attname) AS new
    FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
    JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'n' AND r.relnamespace = 'public'::regnamespace AND r.relkind = 'r'
      AND NOT r.relispartition AND c.conname <> format('%s_%s_not_null', r.relname, a.attname)
  LOOP
    EXECUTE format('ALTER TABLE %I RENAME CONSTRAINT %I TO %I', each.tab, each.old, each.new);
  END LOOP;
END $$;

-- migrate:down
ALTER TABLE model_routes
  RENAME CONSTRAINT model_routes_priority_check TO model_routes_tried_order_check;
ALTER TABLE model_routes RENAME priority TO tried_order;
ALTER TABLE interactions RENAME started_at TO began_at;
ALTER TABLE consents RENAME granted_at TO given_at;
ALTER INDEX used_challenges_by_time RENAME TO spent_challenges_by_time;
ALTER TABLE used_challenges RENAME CONSTRAINT used_challenges_pkey TO spent_challenges_pkey;
ALTER TABLE used_challenges RENAME used_at TO spent_at;
ALTER TABLE used_challenges RENAME TO spent_challenges;
ALTER INDEX mfa_challenges_of_user RENAME TO login_steps_of_user;
ALTER TABLE mfa_challenges
  RENAME CONSTRAINT mfa_challenges_user_id_fkey TO login_steps_user_id_fkey;
ALTER TABLE mfa_challenges RENAME CONSTRAINT mfa_challenges_pkey TO login_steps_pkey;
ALTER TABLE mfa_challenges RENAME attempts TO tries;
ALTER TABLE mfa_challenges RENAME TO login_steps;
UPDATE account_activity SET kind = 'email_restored' WHERE kind = 'email_reverted';
UPDATE account_activity SET kind = 'recovery_codes_made' WHERE kind = 'recovery_codes_created';
ALTER INDEX account_activity_of_user RENAME TO sign_in_events_of_user;
ALTER SEQUENCE account_activity_id_seq RENAME TO sign_in_events_id_seq;
ALTER TABLE account_activity
  RENAME CONSTRAINT account_activity_user_id_fkey TO sign_in_events_user_id_fkey;
ALTER TABLE account_activity RENAME CONSTRAINT account_activity_pkey TO sign_in_events_pkey;
ALTER TABLE account_activity RENAME TO sign_in_events;
DROP INDEX email_links_revert;
CREATE INDEX mailed_links_undo ON email_links (email) WHERE purpose = 'undo_email';
ALTER TABLE email_links DROP CONSTRAINT email_links_purpose_check;
UPDATE email_links SET purpose = 'undo_email' WHERE purpose = 'revert_email';
ALTER TABLE email_links ADD CONSTRAINT mailed_links_purpose_check
  CHECK (purpose IN ('verify_email', 'reset_password', 'change_email', 'undo_email'));
ALTER INDEX email_links_of_user RENAME TO mailed_links_of_user;
ALTER TABLE email_links RENAME CONSTRAINT email_links_user_id_fkey TO mailed_links_user_id_fkey;
ALTER TABLE email_links RENAME CONSTRAINT email_links_pkey TO mailed_links_pkey;
ALTER TABLE email_links RENAME TO mailed_links;
ALTER INDEX email_outbox_due RENAME TO mails_due;
ALTER SEQUENCE email_outbox_id_seq RENAME TO mails_id_seq;
ALTER TABLE email_outbox RENAME CONSTRAINT email_outbox_pkey TO mails_pkey;
ALTER TABLE email_outbox RENAME TO mails;
UPDATE job_runs SET name = 'reconcile' WHERE name = 'reconciliation';
UPDATE job_runs SET name = 'tidy' WHERE name = 'cleanup';
UPDATE job_runs SET name = 'renew' WHERE name = 'subscription_renewal';
UPDATE job_runs SET name = 'lapse' WHERE name = 'lot_expiry';
ALTER TABLE job_runs RENAME CONSTRAINT job_runs_pkey TO schedules_pkey;
ALTER TABLE job_runs RENAME TO schedules;
ALTER SEQUENCE reconciliation_runs_id_seq RENAME TO recon_runs_id_seq;
ALTER TABLE reconciliation_runs RENAME CONSTRAINT reconciliation_runs_pkey TO recon_runs_pkey;
ALTER TABLE reconciliation_runs RENAME TO recon_runs;
DROP TRIGGER account_changes_notify ON account_changes;
DROP FUNCTION account_changes_notify();
CREATE FUNCTION grant_outbox_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('grant_outbox', '');
  RETURN NULL;
END $$;
CREATE TRIGGER grant_outbox_notify AFTER INSERT ON account_changes
  FOR EACH STATEMENT EXECUTE FUNCTION grant_outbox_notify();
ALTER INDEX account_changes_waiting RENAME TO grant_outbox_waiting;
ALTER INDEX account_changes_undelivered RENAME TO grant_outbox_undelivered;
ALTER TABLE account_changes RENAME CONSTRAINT account_changes_lot_fkey TO grant_outbox_lot_fkey;
ALTER TABLE account_changes
  RENAME CONSTRAINT account_changes_account_fkey TO grant_outbox_account_fkey;
ALTER TABLE account_changes RENAME CONSTRAINT account_changes_kind_check TO grant_outbox_kind_check;
ALTER TABLE account_changes
  RENAME CONSTRAINT account_changes_change_seq_check TO grant_outbox_gv_check;
ALTER TABLE account_changes
  RENAME CONSTRAINT account_changes_floor_check TO grant_outbox_floor_check;
ALTER TABLE account_changes
  RENAME CONSTRAINT account_changes_correction_check TO grant_outbox_correction_check;
ALTER TABLE account_changes RENAME CONSTRAINT account_changes_amend_check TO grant_outbox_check1;
ALTER TABLE account_changes RENAME CONSTRAINT account_changes_grant_check TO grant_outbox_check;
ALTER TABLE account_changes RENAME CONSTRAINT account_changes_pkey TO grant_outbox_pkey;
ALTER TABLE account_changes RENAME net_amount TO moved;
ALTER TABLE account_changes RENAME change_seq TO gv;
ALTER TABLE account_changes RENAME TO grant_outbox;
ALTER TABLE ledger_tx DISABLE TRIGGER ledger_tx_append_only;
UPDATE ledger_tx SET kind = 'levelled' WHERE kind = 'netted';
UPDATE ledger_tx SET kind = 'lapsed' WHERE kind = 'lots_expired';
ALTER TABLE ledger_tx ENABLE TRIGGER ledger_tx_append_only;
ALTER TABLE ledger_tx
  RENAME CONSTRAINT ledger_tx_account_change_seq_key TO ledger_tx_account_gv_key;
ALTER TABLE ledger_tx RENAME change_seq TO gv;
ALTER TABLE lots RENAME CONSTRAINT lots_account_change_seq_key TO lots_account_gv_key;
ALTER TABLE lots RENAME CONSTRAINT lots_change_seq_check TO lots_gv_check;
ALTER TABLE lots RENAME change_seq TO gv;
ALTER TABLE accounts RENAME CONSTRAINT accounts_posted_check TO accounts_booked_check;
ALTER TABLE accounts RENAME CONSTRAINT accounts_change_seq_check TO accounts_gv_check;
ALTER TABLE accounts RENAME posted TO booked;
ALTER TABLE accounts RENAME change_seq TO gv;

-- PostgreSQL 18 names NOT NULL constraints after the column they were created with.
DO $$
DECLARE each record;
BEGIN
  FOR each IN
    SELECT r.relname AS tab, c.conname AS old, format('%s_%s_not_null', r.relname, a.attname) AS new
    FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
    JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'n' AND r.relnamespace = 'public'::regnamespace AND r.relkind = 'r'
      AND NOT r.relispartition AND c.conname <> format('%s_%s_not_null', r.relname, a.attname)
  LOOP
    EXECUTE format('ALTER TABLE %I RENAME CONSTRAINT %I TO %I', each.tab, each.old, each.new);
  END LOOP;
END $$;

-- Mail as HTML beside its text; and a link that undoes a change of address.

-- migrate:up
ALTER TABLE mails ADD html text NOT NULL DEFAULT '';
ALTER TABLE mailed_links DROP CONSTRAINT mailed_links_purpose_check;
ALTER TABLE mailed_links ADD CONSTRAINT mailed_links_purpose_check
  CHECK (purpose IN ('verify_email', 'reset_password', 'change_email', 'undo_email'));
-- An address that can still be taken back is nobody else's.
CREATE INDEX mailed_links_undo ON mailed_links (email) WHERE purpose = 'undo_email';

-- migrate:down
DROP INDEX mailed_links_undo;
DELETE FROM mailed_links WHERE purpose = 'undo_email';
ALTER TABLE mailed_links DROP CONSTRAINT mailed_links_purpose_check;
ALTER TABLE mailed_links ADD CONSTRAINT mailed_links_purpose_check
  CHECK (purpose IN ('verify_email', 'reset_password', 'change_email'));
ALTER TABLE mails DROP html;

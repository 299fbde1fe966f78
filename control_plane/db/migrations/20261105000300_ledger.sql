-- Credits. PostgreSQL is the truth; Redis holds the working balance of accounts in use.
-- Every amount is micro-credits. Debits come from Redis numbered (epoch, seq) per account, grants
-- go out numbered gv per account: loss and duplication are then arithmetic.

-- migrate:up
CREATE TABLE shards (
  shard smallint PRIMARY KEY CHECK (shard BETWEEN 0 AND 15),
  -- Raised when Redis has lost the shard: what it says of an earlier epoch no longer counts.
  epoch bigint NOT NULL DEFAULT 1 CHECK (epoch >= 1),
  opened_at timestamptz
);
INSERT INTO shards (shard) SELECT generate_series(0, 15);

CREATE TABLE accounts (
  id uuid PRIMARY KEY REFERENCES users,
  shard smallint NOT NULL REFERENCES shards,
  tier text NOT NULL REFERENCES tiers,
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended', 'closed')),
  -- Number of the last change on its way to Redis.
  gv bigint NOT NULL DEFAULT 0 CHECK (gv >= 0),
  -- In `epoch`, `booked` entries have come back, the latest of them numbered `seq`. The two are
  -- equal whenever nothing is missing.
  epoch bigint NOT NULL DEFAULT 0 CHECK (epoch >= 0),
  seq bigint NOT NULL DEFAULT 0 CHECK (seq >= 0),
  booked bigint NOT NULL DEFAULT 0 CHECK (booked >= 0),
  -- What was charged beyond all lots; the next grant repays it.
  debt bigint NOT NULL DEFAULT 0,
  floor bigint NOT NULL DEFAULT 0 CHECK (floor <= 0),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX accounts_shard ON accounts (shard);

CREATE TABLE lots (
  id uuid PRIMARY KEY,
  account uuid NOT NULL REFERENCES accounts,
  -- The change that brought it.
  gv bigint NOT NULL CHECK (gv >= 1),
  source text NOT NULL CHECK (source IN ('free', 'subscription', 'purchased', 'granted', 'promo')),
  amount bigint NOT NULL CHECK (amount > 0 AND amount <= 9007199254740991),
  -- Entries of one account may arrive out of order after a crash, so this may pass below zero for
  -- a moment; the audit proves that it does not stay there.
  remaining bigint NOT NULL,
  priority integer NOT NULL CHECK (priority BETWEEN 0 AND 99),
  effective_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  stripe_ref text UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (account, gv)
) WITH (fillfactor = 70);
-- On (account) alone, so that a change of `remaining` stays a heap-only one.
CREATE INDEX lots_account ON lots (account);

CREATE TABLE ledger_tx (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account uuid NOT NULL REFERENCES accounts,
  kind text NOT NULL,
  -- What Redis did is numbered (epoch, seq); what was decided here is numbered gv.
  epoch bigint,
  seq bigint,
  gv bigint,
  occurred_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  request_id text,
  -- What it cost: micro-credits, negative when a sweep had charged too much.
  charged bigint NOT NULL DEFAULT 0,
  reason text,
  CHECK ((gv IS NULL) = (epoch IS NOT NULL) AND (epoch IS NULL) = (seq IS NULL)),
  UNIQUE (account, epoch, seq),
  UNIQUE (account, gv)
);
CREATE INDEX ledger_tx_request ON ledger_tx (request_id) WHERE request_id IS NOT NULL;

CREATE TABLE ledger_entries (
  tx bigint NOT NULL REFERENCES ledger_tx,
  ledger_account text NOT NULL CHECK (ledger_account IN (
    'customer_credits', 'customer_debt', 'earned', 'breakage', 'promo', 'stripe_clearing',
    'refunds', 'disputes', 'writeoff', 'adjustments')),
  lot uuid REFERENCES lots,
  amount bigint NOT NULL CHECK (amount <> 0)
);
CREATE INDEX ledger_entries_tx ON ledger_entries (tx);

-- Whatever one statement writes must balance within each transaction it touches. By induction the
-- whole book balances, at one aggregate per statement: checking each row when the transaction ends
-- would cost an aggregate per row, and would let an unbalanced book be read until then.
CREATE FUNCTION ledger_entries_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong bigint;
BEGIN
  SELECT tx INTO wrong FROM added GROUP BY tx HAVING sum(amount) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'entries of ledger transaction % do not sum to zero', wrong
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_entries_balance AFTER INSERT ON ledger_entries
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_entries_balance();

-- A book is written, never rewritten: a mistake is put right by a further transaction.
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_tx_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_tx
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

CREATE TABLE grant_outbox (
  account uuid NOT NULL REFERENCES accounts,
  gv bigint NOT NULL CHECK (gv >= 1),
  kind text NOT NULL CHECK (kind IN ('grant', 'amend')),
  lot uuid REFERENCES lots,
  tier text,
  state text,
  created_at timestamptz NOT NULL DEFAULT now(),
  delivered_at timestamptz,
  PRIMARY KEY (account, gv),
  CHECK ((kind = 'grant') = (lot IS NOT NULL)),
  CHECK ((kind = 'amend') = (tier IS NOT NULL AND state IS NOT NULL))
);
CREATE INDEX grant_outbox_undelivered ON grant_outbox (created_at) WHERE delivered_at IS NULL;

CREATE FUNCTION grant_outbox_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('grant_outbox', '');
  RETURN NULL;
END $$;
CREATE TRIGGER grant_outbox_notify AFTER INSERT ON grant_outbox
  FOR EACH STATEMENT EXECUTE FUNCTION grant_outbox_notify();

CREATE TABLE recon_runs (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  started_at timestamptz NOT NULL,
  finished_at timestamptz NOT NULL,
  clean boolean NOT NULL,
  report jsonb NOT NULL
);

-- migrate:down
DROP TABLE recon_runs, grant_outbox, ledger_entries, ledger_tx, lots, accounts, shards;
DROP FUNCTION grant_outbox_notify, ledger_entries_balance, refuse_rewriting;

-- name: open_account
-- $1: id, $2: shard, $3: tier
INSERT INTO accounts (id, shard, tier) VALUES ($1, $2, $3);

-- name: next_change_seq
-- $1: account. Locks its row, so that changes of one account are made one after the other.
UPDATE accounts SET change_seq = change_seq + 1 WHERE id = $1 RETURNING change_seq;

-- name: sum_remaining
-- $1: account
SELECT coalesce(sum(remaining), 0)::bigint FROM lots WHERE account = $1 AND remaining > 0;

-- name: set_alert_basis
-- $1: account. The balance right after a grant; alert thresholds are percentages of it.
UPDATE accounts SET alert_basis = greatest(0, (
  SELECT coalesce(sum(remaining), 0) FROM lots WHERE account = $1) - debt) WHERE id = $1;

-- name: set_floor
-- $1: account, $2: micro-credits. Nothing is written when it is that already.
WITH changed AS (
  UPDATE accounts SET change_seq = change_seq + 1, floor = $2 WHERE id = $1 AND floor <> $2
  RETURNING id, change_seq, state, tier, floor)
INSERT INTO account_changes (account, change_seq, kind, state, tier, floor)
SELECT id, change_seq, 'amend', state, tier, floor FROM changed;

-- name: create_lot
-- $1: lot, $2: account, $3: change_seq, $4: source, $5: amount, $6: priority, $7: expiry or null
INSERT INTO lots (id, account, change_seq, source, amount, remaining, priority, expires_at)
VALUES ($1, $2, $3, $4, $5, $5, $6, $7);

-- name: create_grant
-- $1: account, $2: change_seq, $3: lot, $4: amount, $5: ledger account that gives, $6: reason
WITH tx AS (
  INSERT INTO ledger_tx (account, kind, change_seq, occurred_at, reason)
  VALUES ($1, 'grant', $2, now(), $6) RETURNING id),
entries AS (
  INSERT INTO ledger_entries (tx, ledger_account, lot, amount)
  SELECT tx.id, each.ledger_account, $3::uuid, each.amount
  FROM tx, (VALUES ('customer_credits', $4::bigint), ($5::text, -$4::bigint))
    AS each (ledger_account, amount))
INSERT INTO account_changes (account, change_seq, kind, lot) VALUES ($1, $2, 'grant', $3);

-- name: amend_account
-- $1: account, $2: state, $3: tier
UPDATE accounts SET change_seq = change_seq + 1, state = $2, tier = $3
WHERE id = $1 RETURNING change_seq;

-- name: create_amendment
-- $1: account, $2: change_seq, $3: state, $4: tier
INSERT INTO account_changes (account, change_seq, kind, state, tier)
VALUES ($1, $2, 'amend', $3, $4);

-- name: lock_account
-- $1: account. Whoever changes lots or debt takes this row first: under it the reads agree.
SELECT a.id, a.tier, a.state, a.change_seq, a.epoch, a.seq, a.debt, a.floor, a.alert_basis,
  s.epoch AS shard_epoch
FROM accounts a JOIN shards s ON s.shard = a.shard
WHERE a.id = $1 FOR UPDATE OF a;

-- name: list_capped
-- $1: account. What each API key with a cap has spent, as far as it is posted.
SELECT id::text AS id, spent_micro FROM api_keys
WHERE user_id = $1 AND cap_micro IS NOT NULL AND revoked_at IS NULL;

-- name: enter_epoch
-- $1: account, $2: epoch
UPDATE accounts SET epoch = $2, seq = 0, posted = 0 WHERE id = $1;

-- name: net_lots
-- $1: account. Before Redis loads these figures: overdrawn lots become debt, and negative debt (it
-- was forgiven although a grant had repaid it) is returned to a lot. A numbered ledger transaction.
WITH short AS (SELECT id, -remaining AS amount FROM lots WHERE account = $1 AND remaining < 0),
owed AS (
  SELECT debt + (SELECT coalesce(sum(amount), 0) FROM short) AS amount
  FROM accounts WHERE id = $1),
moved AS (
  SELECT id, amount FROM short
  UNION ALL SELECT last_lot($1), -amount FROM owed WHERE amount < 0),
changed AS (
  UPDATE accounts SET change_seq = change_seq + 1, debt = debt + (SELECT sum(amount) FROM moved)
  WHERE id = $1 AND EXISTS (SELECT FROM moved) RETURNING id, change_seq),
tx AS (
  INSERT INTO ledger_tx (account, kind, change_seq, occurred_at)
  SELECT id, 'netted', change_seq, now() FROM changed RETURNING id),
entries AS (
  INSERT INTO ledger_entries (tx, ledger_account, lot, amount)
  SELECT tx.id, 'customer_credits', moved.id, moved.amount FROM tx, moved
  UNION ALL SELECT tx.id, 'customer_debt', NULL, -sum(moved.amount) FROM tx, moved GROUP BY tx.id)
UPDATE lots SET remaining = remaining + each.amount
FROM (SELECT id, sum(amount) AS amount FROM moved GROUP BY id) AS each WHERE lots.id = each.id;

-- name: list_spendable
-- $1: account. Includes expired lots until Redis has emitted their expiry, and the last lot even if
-- it is used up.
SELECT id, remaining, priority, extract(epoch FROM expires_at)::bigint AS expires_at_s
FROM lots WHERE account = $1 AND (remaining > 0 OR remaining = 0 AND id = last_lot($1))
ORDER BY id;

-- name: take_undelivered
-- $1: limit. A frozen account's next grant waits, and later changes of the account wait with it.
-- Refused changes are retried after a while, so that they do not crowd out the others.
SELECT o.account, o.change_seq, o.kind, o.tier, o.state, l.id AS lot, l.amount, l.priority,
  extract(epoch FROM l.expires_at)::bigint AS expires_at_s, o.part_lots, o.part_amounts,
  parts.priorities AS part_priorities, parts.expiries_s AS part_expiries_s, o.debt,
  o.floor
FROM account_changes o LEFT JOIN lots l ON l.id = o.lot
LEFT JOIN LATERAL (
  SELECT array_agg(p.priority ORDER BY n) AS priorities,
    array_agg(extract(epoch FROM p.expires_at)::bigint ORDER BY n) AS expiries_s
  FROM unnest(o.part_lots) WITH ORDINALITY AS u (lot, n) JOIN lots p ON p.id = u.lot) parts ON true
WHERE o.delivered_at IS NULL
  AND (o.refused_at IS NULL OR o.refused_at < now() - interval '10 seconds')
  AND NOT EXISTS (
    SELECT FROM accounts a JOIN account_changes held ON held.account = a.id
    WHERE a.id = o.account AND a.frozen_at IS NOT NULL AND held.kind = 'grant'
      AND held.delivered_at IS NULL AND held.change_seq <= o.change_seq)
ORDER BY o.created_at, o.account, o.change_seq LIMIT $1
FOR UPDATE OF o SKIP LOCKED;

-- name: list_changes
-- $1: account, $2: those after this change_seq, $3: up to this one
SELECT o.account, o.change_seq, o.kind, o.tier, o.state, l.id AS lot, l.amount, l.priority,
  extract(epoch FROM l.expires_at)::bigint AS expires_at_s, o.part_lots, o.part_amounts,
  parts.priorities AS part_priorities, parts.expiries_s AS part_expiries_s, o.debt,
  o.floor
FROM account_changes o LEFT JOIN lots l ON l.id = o.lot
LEFT JOIN LATERAL (
  SELECT array_agg(p.priority ORDER BY n) AS priorities,
    array_agg(extract(epoch FROM p.expires_at)::bigint ORDER BY n) AS expiries_s
  FROM unnest(o.part_lots) WITH ORDINALITY AS u (lot, n) JOIN lots p ON p.id = u.lot) parts ON true
WHERE o.account = $1 AND o.change_seq > $2 AND o.change_seq <= $3 ORDER BY o.change_seq;

-- name: mark_delivered
-- $1: account, $2: change_seq
UPDATE account_changes SET delivered_at = now() WHERE account = $1 AND change_seq = $2;

-- name: mark_refused
-- $1: account, $2: change_seq
UPDATE account_changes SET refused_at = now() WHERE account = $1 AND change_seq = $2;

-- name: count_refused
SELECT count(*) FROM account_changes WHERE delivered_at IS NULL AND refused_at IS NOT NULL;

-- name: list_lots
-- $1: account. Lots that have not expired.
SELECT id, source, amount, remaining, expires_at, created_at
FROM lots WHERE account = $1 AND (expires_at IS NULL OR expires_at > now())
ORDER BY priority, expires_at, id;

-- name: find_debt
-- $1: account
SELECT debt FROM accounts WHERE id = $1;

-- name: lock_accounts
-- $1: accounts. In one order everywhere, so that two batches cannot wait for each other.
SELECT id, epoch FROM accounts WHERE id = ANY ($1::text[]::uuid[]) ORDER BY id FOR UPDATE;

-- name: create_transactions
-- $1: accounts, $2: kinds, $3: epochs, $4: seqs, $5: occurred_at, $6: request ids, $7: charged,
-- $8: epochs of the charges that adjustments correct
-- A request is charged once: a second charge is a `duplicate`, and so is an adjustment of a charge
-- that is void. The accounts are locked by the caller.
WITH input AS (
  SELECT account::uuid, kind, epoch, seq, at_ms, request_id, charged, adjusts, position,
    kind IN ('settled', 'unreserved', 'expired') AS charges
  FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[],
    $7::bigint[], $8::bigint[]) WITH ORDINALITY
    AS g (account, kind, epoch, seq, at_ms, request_id, charged, adjusts, position)),
checked AS (
  SELECT input.*, CASE
    WHEN charges THEN
      row_number() OVER (PARTITION BY account, request_id, charges ORDER BY position) > 1
      OR EXISTS (SELECT FROM ledger_tx t WHERE t.account = input.account
        AND t.request_id = input.request_id AND t.kind IN ('settled', 'unreserved', 'expired'))
    WHEN kind = 'adjusted' THEN
      input.adjusts <> coalesce(
        (SELECT t.epoch FROM ledger_tx t WHERE t.account = input.account
          AND t.request_id = input.request_id AND t.kind IN ('settled', 'unreserved', 'expired')),
        (SELECT c.epoch FROM input c WHERE c.account = input.account
          AND c.request_id = input.request_id AND c.charges ORDER BY c.position LIMIT 1),
        input.adjusts)
    ELSE false END AS void
  FROM input)
INSERT INTO ledger_tx (account, kind, epoch, seq, occurred_at, request_id, charged)
SELECT account, CASE WHEN void THEN 'duplicate' ELSE kind END, epoch, seq,
  to_timestamp(at_ms / 1000.0), request_id, CASE WHEN void THEN 0 ELSE charged END
FROM checked ORDER BY position
ON CONFLICT (account, epoch, seq) DO NOTHING
RETURNING id, account, epoch, seq, kind = 'duplicate' AS void;

-- name: create_correction
-- $1: account, $2: lots, $3: by how much each changes, $4: debt to add, $5: what all that gives
-- Debt that a grant has repaid meanwhile is not forgiven but returned to a lot, which is named for
-- that with an amount of 0.
WITH change AS (
  UPDATE accounts SET change_seq = change_seq + 1 WHERE id = $1 RETURNING id, change_seq),
last AS (SELECT last_lot($1) AS lot WHERE $4 < 0 AND last_lot($1) IS NOT NULL)
INSERT INTO account_changes (account, change_seq, kind, part_lots, part_amounts, debt, net_amount)
SELECT id, change_seq, 'correction', $2::text[]::uuid[] || ARRAY(SELECT lot FROM last),
  $3::bigint[] || ARRAY(SELECT 0::bigint FROM last), $4, $5 FROM change;

-- name: create_alerts
-- $1: tx, $2: accounts, $3: thresholds, $4: remaining, $5: bases, $6: ms since 1970
INSERT INTO credit_alerts (tx, account, threshold_percent, remaining, basis, occurred_at)
SELECT tx, account::uuid, threshold_percent, remaining, basis, to_timestamp(at_ms / 1000.0)
FROM unnest($1::bigint[], $2::text[], $3::integer[], $4::bigint[], $5::bigint[], $6::bigint[])
  AS g (tx, account, threshold_percent, remaining, basis, at_ms);

-- name: create_entries
-- $1: tx, $2: ledger accounts, $3: lots, $4: amounts
INSERT INTO ledger_entries (tx, ledger_account, lot, amount)
SELECT tx, ledger_account, lot::uuid, amount
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[])
  AS e (tx, ledger_account, lot, amount);

-- name: change_lots
-- $1: lots, $2: by how much
UPDATE lots SET remaining = lots.remaining + d.amount
FROM unnest($1::text[], $2::bigint[]) AS d (lot, amount) WHERE lots.id = d.lot::uuid;

-- name: change_accounts
-- $1: accounts, $2: highest seq, $3: how many were posted, $4: by how much the debt changes
UPDATE accounts SET seq = greatest(accounts.seq, d.seq), posted = accounts.posted + d.posted,
  debt = accounts.debt + d.debt
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[])
  AS d (account, seq, posted, debt) WHERE accounts.id = d.account::uuid;

-- name: list_accounts
SELECT id, shard FROM accounts ORDER BY shard, id;

-- name: list_account_states
-- $1: accounts. One statement, so all of it is of one moment.
SELECT a.id, a.epoch, a.seq, a.posted, a.change_seq, a.debt,
  coalesce(l.remaining, 0)::bigint AS remaining, coalesce(l.lowest, 0)::bigint AS lowest
FROM accounts a LEFT JOIN LATERAL (
  SELECT sum(remaining) AS remaining, min(remaining) AS lowest FROM lots WHERE account = a.id) l
  ON true
WHERE a.id = ANY ($1::text[]::uuid[]);

-- name: recent_changes
-- $1: accounts. Grants and corrections that may not be delivered to Redis yet.
SELECT o.account, o.change_seq, coalesce(l.amount, o.net_amount) AS amount
FROM account_changes o LEFT JOIN lots l ON l.id = o.lot
WHERE o.account = ANY ($1::text[]::uuid[]) AND o.kind <> 'amend'
  AND (o.delivered_at IS NULL OR o.delivered_at > now() - interval '1 hour');

-- name: list_unknown
-- $1: accounts: which of them there is no row for
SELECT id FROM unnest($1::text[]) AS input (id)
WHERE NOT EXISTS (SELECT FROM accounts WHERE accounts.id::text = input.id);

-- name: freeze
-- $1: accounts that drift: their grants wait
UPDATE accounts SET frozen_at = now() WHERE id = ANY ($1::text[]::uuid[]) AND frozen_at IS NULL;

-- name: unfreeze
-- $1: accounts that drift still; all others are clean
UPDATE accounts SET frozen_at = NULL
WHERE frozen_at IS NOT NULL AND NOT id = ANY ($1::text[]::uuid[]) RETURNING id;

-- name: list_expiring
-- $1: limit. Reservations expire lots, too; this is for accounts that make none.
SELECT DISTINCT account FROM lots
WHERE expires_at BETWEEN now() - interval '31 days' AND now() AND remaining > 0 LIMIT $1;

-- name: posted_numbers
-- $1: accounts, $2: epochs, $3: seqs
SELECT account, epoch, seq FROM ledger_tx
WHERE (account, epoch, seq) IN (
  SELECT account::uuid, epoch, seq
  FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS g (account, epoch, seq));

-- name: list_dead_letters
SELECT entry_id, fields::text AS fields FROM dead_letters WHERE resolved_at IS NULL;

-- name: dead_letters_of
-- Named as `headrace deadletters` names them.
SELECT fields ->> 'account' AS account, stream || ' ' || entry_id AS name FROM dead_letters
WHERE resolved_at IS NULL AND fields ->> 'account' = ANY ($1::text[])
ORDER BY created_at, entry_id;

-- name: sum_ledger
-- The balance of each ledger account.
SELECT ledger_account, sum(amount)::bigint AS amount FROM ledger_entries GROUP BY ledger_account;

-- name: sum_balances
SELECT (SELECT coalesce(sum(remaining), 0) FROM lots)::bigint AS remaining,
  (SELECT coalesce(sum(debt), 0) FROM accounts)::bigint AS debt;

-- name: create_run
-- $1: started_at, $2: clean, $3: report
INSERT INTO reconciliation_runs (started_at, finished_at, clean, report) VALUES ($1, now(), $2, $3);

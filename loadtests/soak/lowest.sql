-- What the soak tells beside the audit: the largest debt in micro-credits, and second charges of
-- one request, which a loss of Redis brings and which do not count.
SELECT
  (SELECT coalesce(max(debt), 0) FROM accounts)::bigint AS largest_debt_micro,
  (SELECT count(*) FROM ledger_tx WHERE kind = 'duplicate')::bigint AS duplicates

-- migrate:up

-- The lot that burns last among those that have not expired; failing that, the last of all. What
-- comes back to an account and belongs to no lot any more goes there. Scripts choose it so, too.
CREATE FUNCTION last_lot(of uuid) RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT id FROM lots WHERE account = of
  ORDER BY (expires_at IS NULL OR expires_at > now()) DESC, priority DESC, expires_at DESC, id DESC
  LIMIT 1
$$;

-- migrate:down

DROP FUNCTION last_lot;

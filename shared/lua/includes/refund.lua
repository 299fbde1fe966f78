-- Refunds of credits that were overcharged, or corrected by PostgreSQL.
-- @include lots

-- The lot that burns last among those that have not expired; failing that, the last of all.
local function last_lot(order_key, now_s)
  local order = redis.call('ZREVRANGE', order_key, 0, -1, 'WITHSCORES')
  for i = 1, #order, 2 do
    if not is_expired(tonumber(order[i + 1]), now_s) then return order[i] end
  end
  return order[1]
end

-- Forgives debt. What a grant has repaid meanwhile was paid by lots, so it is returned as a part
-- for the caller to give back. `otherwise` names the lot to use when all lots have expired.
local function forgive(order_key, a, amount, otherwise, now_s)
  local forgiven = math.min(amount, a.debt)
  a.debt, a.avail = a.debt - forgiven, a.avail + forgiven
  if forgiven == amount then return forgiven, nil end
  local lot = last_lot(order_key, now_s) or otherwise
  return forgiven, lot and { lot, amount - forgiven }
end

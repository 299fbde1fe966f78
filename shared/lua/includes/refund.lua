-- What an account gets back: of the credits that were charged too much, or booked without it.
-- @include lots

-- The lot that burns last among those that have not expired; failing that, the last of all.
local function last_lot(order_key, now_s)
  local order = redis.call('ZREVRANGE', order_key, 0, -1, 'WITHSCORES')
  for i = 1, #order, 2 do
    if not is_expired(tonumber(order[i + 1]), now_s) then return order[i] end
  end
  return order[1]
end

-- Forgives debt. What a grant has repaid of it meanwhile cannot be forgiven any more: lots paid it,
-- so it belongs to a lot again, and is returned as a part for the caller to give back. `otherwise`
-- names a lot for the books where all have expired, and the part with them.
local function forgive(order_key, a, amount, otherwise, now_s)
  local forgiven = math.min(amount, a.debt)
  a.debt, a.avail = a.debt - forgiven, a.avail + forgiven
  if forgiven == amount then return forgiven, nil end
  local lot = last_lot(order_key, now_s) or otherwise
  return forgiven, lot and { lot, amount - forgiven }
end

--[[
  Apply one numbered change of an account that PostgreSQL has booked already: credits given back to
  lots, or taken from them. It puts right what a loss of Redis has set apart.

  KEYS[1] account    hash
  KEYS[2] lots       hash
  KEYS[3] order      zset
  KEYS[4] outbox     stream
  KEYS[5] meta       hash

  ARGV[1] account id
  ARGV[2] gv         number of this change
  ARGV[3] debt       micro-credits to add to the account's debt; negative forgives
  ARGV[4] parts      their count; pairs lot id, micro-credits (negative: taken) follow from ARGV[5]

  Returns {outcome, avail}: cold, stale, gap, applied
]]
-- @include emit
local a, step = warm_account(KEYS[1], KEYS[5]), tonumber(ARGV[2])
if not a then return { 'cold', 0 } end
if step <= a.gv then return { 'stale', a.avail } end
if step > a.gv + 1 then return { 'gap', a.avail } end

-- A lot may have been spent further here than PostgreSQL knew: what it lacks becomes debt, and what
-- belongs to a lot that is gone has lapsed and stays so. Both are told, so that the books agree.
local debt, change, instead, lapsed = tonumber(ARGV[3]), 0, {}, {}
for i = 5, 3 + 2 * tonumber(ARGV[4]), 2 do
  local lot, part = ARGV[i], tonumber(ARGV[i + 1])
  if redis.call('ZSCORE', KEYS[3], lot) then
    local left = tonumber(redis.call('HGET', KEYS[2], lot) or 0)
    local moved = math.max(part, -left)
    redis.call('HINCRBY', KEYS[2], lot, moved)
    change, debt = change + moved, debt + moved - part
    if moved > part then instead[#instead + 1] = { lot, moved - part } end
  else
    lapsed[#lapsed + 1] = { lot, part }
  end
end
-- Debt that a grant has repaid meanwhile cannot be forgiven any more: it goes back to the last lot.
local excess = -debt - a.debt
local last = redis.call('ZRANGE', KEYS[3], -1, -1)[1]
if excess > 0 and last then
  redis.call('HINCRBY', KEYS[2], last, excess)
  change, debt = change + excess, debt + excess
  instead[#instead + 1] = { last, excess }
end
if #instead > 0 or #lapsed > 0 then
  emit(KEYS[4], a, ARGV[1], 'corrected', '{}', 'amount', 0, 'returned', pack(instead),
    'lapsed', pack(lapsed), 'debt', debt - tonumber(ARGV[3]))
end
a.debt, a.avail = a.debt + debt, a.avail + change - debt
write_account(KEYS[1], a)
redis.call('HSET', KEYS[1], 'gv', step)
return { 'applied', a.avail }

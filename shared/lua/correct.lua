--[[
  Apply one numbered change of an account that PostgreSQL has booked already: credits given back to
  lots, or taken from them. It puts right what a loss of Redis has set apart.

  KEYS[1] account    hash
  KEYS[2] lots       hash
  KEYS[3] order      zset
  KEYS[4] outbox     stream
  KEYS[5] meta       hash

  ARGV[1] account id
  ARGV[2] change_seq         number of this change
  ARGV[3] debt       micro-credits to add to the account's debt; negative forgives
  ARGV[4] parts      their count; triples lot id, micro-credits (negative: taken), score follow from
                     ARGV[5]. A change that forgives ends with a part, 0 if need be, of a lot that
                     may take what cannot be forgiven any more

  Returns {outcome, avail}: cold, stale, gap, applied
]]
-- @include clock
-- @include emit
-- @include refund
local a, step = warm_account(KEYS[1], KEYS[5]), tonumber(ARGV[2])
if not a then return { 'cold', 0 } end
if step <= a.change_seq then return { 'stale', a.avail } end
if step > a.change_seq + 1 then return { 'gap', a.avail } end

-- A lot may have been spent further here than PostgreSQL knew: what it lacks becomes debt, and what
-- belongs to a lot that has expired stays so. Both are told, so that the books agree. A lot that is
-- not here and has not expired was empty when the account was loaded.
local now_s, asked = math.floor(now_ms() / 1000), tonumber(ARGV[3])
local debt, change, instead, expired, lot = asked, 0, {}, {}, nil
for i = 5, 2 + 3 * tonumber(ARGV[4]), 3 do
  local part, score = tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
  lot = ARGV[i]
  if not is_expired(score, now_s) then redis.call('ZADD', KEYS[3], 'NX', score, lot) end
  if redis.call('ZSCORE', KEYS[3], lot) then
    local moved = math.max(part, -tonumber(redis.call('HGET', KEYS[2], lot) or 0))
    redis.call('HINCRBY', KEYS[2], lot, moved)
    change, debt = change + moved, debt + moved - part
    if moved > part then instead[#instead + 1] = { lot, moved - part } end
  elseif part ~= 0 then
    expired[#expired + 1] = { lot, part }
  end
end
a.avail = a.avail + change
if debt < 0 then
  local forgiven, repaid = forgive(KEYS[3], a, -debt, lot, now_s)
  local returned, gone = give_back(KEYS[2], KEYS[3], { repaid }, now_s)
  a.avail, debt = a.avail + returned, -forgiven
  instead[#instead + 1], expired[#expired + 1] = repaid, gone[1]
else
  a.debt, a.avail = a.debt + debt, a.avail - debt
end
if #instead > 0 or #expired > 0 then
  emit(KEYS[4], a, ARGV[1], 'corrected', '{}', 'amount', 0, 'returned', pack(instead),
    'expired', pack(expired), 'debt', debt - asked)
end
write_account(KEYS[1], a)
redis.call('HSET', KEYS[1], 'change_seq', step)
return { 'applied', a.avail }

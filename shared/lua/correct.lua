--[[
  Apply one numbered correction: credits that PostgreSQL has already posted are returned to lots, or
  taken from them. Corrections repair differences after a loss of Redis.

  KEYS[1] account    hash
  KEYS[2] lots       hash
  KEYS[3] order      zset
  KEYS[4] outbox     stream
  KEYS[5] meta       hash

  ARGV[1] account id
  ARGV[2] change_seq         number of this change
  ARGV[3] debt       micro-credits to add to the account's debt; negative forgives
  ARGV[4] parts      their count; triples lot id, micro-credits (negative: taken), score follow from
                     ARGV[5]. A correction that forgives debt ends with a part, of 0 if need be, of
                     a lot that receives what can no longer be forgiven

  Returns {outcome, avail}: cold, stale, gap, applied
]]
-- @include clock
-- @include emit
-- @include refund
local a, step = warm_account(KEYS[1], KEYS[5]), tonumber(ARGV[2])
if not a then return { 'cold', 0 } end
if step <= a.change_seq then return { 'stale', a.avail } end
if step > a.change_seq + 1 then return { 'gap', a.avail } end

-- More of a lot may have been spent here than PostgreSQL knew: the shortfall becomes debt, and
-- parts of an expired lot stay expired. Both are emitted, so that the ledger agrees. A lot that is
-- missing here and has not expired was empty when the account was loaded.
local now_s, debt_change = math.floor(now_ms() / 1000), tonumber(ARGV[3])
local debt, change, shortfalls, expired, lot = debt_change, 0, {}, {}, nil
for i = 5, 2 + 3 * tonumber(ARGV[4]), 3 do
  local part, score = tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
  lot = ARGV[i]
  if not is_expired(score, now_s) then redis.call('ZADD', KEYS[3], 'NX', score, lot) end
  if redis.call('ZSCORE', KEYS[3], lot) then
    local moved = math.max(part, -tonumber(redis.call('HGET', KEYS[2], lot) or 0))
    redis.call('HINCRBY', KEYS[2], lot, moved)
    change, debt = change + moved, debt + moved - part
    if moved > part then shortfalls[#shortfalls + 1] = { lot, moved - part } end
  elseif part ~= 0 then
    expired[#expired + 1] = { lot, part }
  end
end
a.avail = a.avail + change
if debt < 0 then
  local forgiven, repaid = forgive(KEYS[3], a, -debt, lot, now_s)
  local returned, gone = give_back(KEYS[2], KEYS[3], { repaid }, now_s)
  a.avail, debt = a.avail + returned, -forgiven
  shortfalls[#shortfalls + 1], expired[#expired + 1] = repaid, gone[1]
else
  a.debt, a.avail = a.debt + debt, a.avail - debt
end
if #shortfalls > 0 or #expired > 0 then
  emit(KEYS[4], a, ARGV[1], 'corrected', '{}', 'amount', 0, 'returned', pack(shortfalls),
    'expired', pack(expired), 'debt', debt - debt_change)
end
write_account(KEYS[1], a)
redis.call('HSET', KEYS[1], 'change_seq', step)
return { 'applied', a.avail }

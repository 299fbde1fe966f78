--[[
  Apply one numbered grant of credits. The number makes it idempotent and a missing change visible.
  A grant repays debt first, and resets the basis of low-credit alerts.

  KEYS[1] account    hash
  KEYS[2] lots       hash
  KEYS[3] order      zset
  KEYS[4] outbox     stream
  KEYS[5] meta       hash

  ARGV[1] account id
  ARGV[2] change_seq         number of this change
  ARGV[3] lot id
  ARGV[4] amount     micro-credits
  ARGV[5] score      burn order

  Returns {outcome, avail}: cold, stale (applied before), gap (an earlier change is missing),
  full (the balance would leave exact integers), applied
]]
-- @include lots
-- @include emit
local a = warm_account(KEYS[1], KEYS[5])
if not a then return { 'cold', 0 } end
local step, amount = tonumber(ARGV[2]), tonumber(ARGV[4])
if step <= a.change_seq then return { 'stale', a.avail } end
if step > a.change_seq + 1 then return { 'gap', a.avail } end
if a.avail + a.held + amount > 9007199254740991 then return { 'full', a.avail } end
local repaid = math.min(a.debt, amount)
redis.call('HSET', KEYS[2], ARGV[3], amount - repaid)
redis.call('ZADD', KEYS[3], ARGV[5], ARGV[3])
a.avail, a.debt = a.avail + amount, a.debt - repaid
if repaid > 0 then
  emit(KEYS[4], a, ARGV[1], 'repaid', '{}', 'amount', 0, 'alloc', pack({ { ARGV[3], repaid } }),
    'debt', -repaid, 'avail', a.avail)
end
write_account(KEYS[1], a)
redis.call('HSET', KEYS[1], 'change_seq', step, 'basis', a.avail + a.held, 'alerted', 0)
return { 'applied', a.avail }

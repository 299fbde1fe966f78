--[[
  Apply one numbered change of an account: a grant of credits. Its number makes it idempotent for
  ever and a missing one visible. A grant repays debt first, and alerts begin anew from its balance.

  KEYS[1] account    hash
  KEYS[2] lots       hash
  KEYS[3] order      zset
  KEYS[4] outbox     stream
  KEYS[5] meta       hash

  ARGV[1] account id
  ARGV[2] gv         number of this change
  ARGV[3] lot id
  ARGV[4] amount     micro-credits
  ARGV[5] score      burn order

  Returns {outcome, avail}: cold, stale (applied before), gap (one before it is missing: load anew),
  full (the balance would leave exact integers), applied
]]
-- @include lots
-- @include emit
local account = redis.call('HMGET', KEYS[1], 'gv', 'avail', 'debt', 'epoch', 'held')
if not account[1] or account[4] ~= redis.call('HGET', KEYS[5], 'epoch') then
  return { 'cold', 0 }
end
local gv, avail, debt = tonumber(account[1]), tonumber(account[2]), tonumber(account[3])
local step, amount = tonumber(ARGV[2]), tonumber(ARGV[4])
if step <= gv then return { 'stale', avail } end
if step > gv + 1 then return { 'gap', avail } end
if avail + tonumber(account[5]) + amount > 9007199254740991 then return { 'full', avail } end
local repaid = math.min(debt, amount)
redis.call('HSET', KEYS[2], ARGV[3], amount - repaid)
redis.call('ZADD', KEYS[3], ARGV[5], ARGV[3])
avail = redis.call('HINCRBY', KEYS[1], 'avail', amount)
redis.call('HSET', KEYS[1], 'gv', step, 'basis', avail + tonumber(account[5]), 'alerted', 0)
if repaid > 0 then
  redis.call('HINCRBY', KEYS[1], 'debt', -repaid)
  emit(KEYS[4], KEYS[1], ARGV[1], 'repaid', '{}', { 'amount', 0,
    'alloc', pack({ { ARGV[3], repaid } }), 'debt', -repaid, 'avail', avail })
end
return { 'applied', avail }

--[[
  Apply one numbered change of an account that PostgreSQL has booked already: credits given back to
  lots, or taken from them. It puts right what a loss of Redis has set apart.

  KEYS[1] account    hash
  KEYS[2] lots       hash
  KEYS[3] order      zset
  KEYS[4] meta       hash

  ARGV[1] gv         number of this change
  ARGV[2] debt       micro-credits to add to the account's debt; negative forgives
  ARGV[3] parts      pairs lot id, micro-credits (negative: taken), as ARGV[4], ARGV[5] …; the count

  Returns {outcome, avail}: cold, stale, gap, applied
]]
local account = redis.call('HMGET', KEYS[1], 'gv', 'avail', 'epoch', 'debt')
local epoch = redis.call('HGET', KEYS[4], 'epoch')
if not account[1] or account[3] ~= epoch then return { 'cold', 0 } end
local gv, step = tonumber(account[1]), tonumber(ARGV[1])
if step <= gv then return { 'stale', tonumber(account[2]) } end
if step > gv + 1 then return { 'gap', tonumber(account[2]) } end

-- A lot may have been spent further here than PostgreSQL knew: what it lacks becomes debt, and what
-- belongs to a lot that is gone has lapsed and stays so.
local debt, change = tonumber(ARGV[2]), 0
for i = 4, 2 + 2 * tonumber(ARGV[3]), 2 do
  local part = tonumber(ARGV[i + 1])
  if redis.call('ZSCORE', KEYS[3], ARGV[i]) then
    local left = tonumber(redis.call('HGET', KEYS[2], ARGV[i]) or 0)
    local moved = math.max(part, -left)
    redis.call('HINCRBY', KEYS[2], ARGV[i], moved)
    change, debt = change + moved, debt + moved - part
  end
end
-- Debt that a grant has repaid meanwhile cannot be forgiven any more: it goes back to the last lot.
local excess = -debt - tonumber(account[4])
local last = redis.call('ZRANGE', KEYS[3], -1, -1)[1]
if excess > 0 and last then
  redis.call('HINCRBY', KEYS[2], last, excess)
  change, debt = change + excess, debt + excess
end
redis.call('HINCRBY', KEYS[1], 'debt', debt)
redis.call('HSET', KEYS[1], 'gv', step)
return { 'applied', redis.call('HINCRBY', KEYS[1], 'avail', change - debt) }

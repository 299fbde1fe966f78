--[[
  Apply one numbered change of an account that moves no credits: its state or its tier.

  KEYS[1] account    hash
  KEYS[2] meta       hash

  ARGV[1] gv         number of this change
  ARGV[2] state      active, suspended, closed
  ARGV[3] tier

  Returns {outcome, gv}: cold, stale, gap, applied
]]
local account = redis.call('HMGET', KEYS[1], 'gv', 'epoch')
if not account[1] or account[2] ~= redis.call('HGET', KEYS[2], 'epoch') then
  return { 'cold', 0 }
end
local gv, step = tonumber(account[1]), tonumber(ARGV[1])
if step <= gv then return { 'stale', gv } end
if step > gv + 1 then return { 'gap', gv } end
redis.call('HSET', KEYS[1], 'gv', step, 'state', ARGV[2], 'tier', ARGV[3])
return { 'applied', step }

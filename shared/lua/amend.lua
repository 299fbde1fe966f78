--[[
  Apply one numbered change of an account that moves no credits: state, tier and floor.

  KEYS[1] account    hash
  KEYS[2] meta       hash

  ARGV[1] change_seq number of this change
  ARGV[2] state      active, suspended, closed
  ARGV[3] tier
  ARGV[4] floor      micro-credits, 0 or less; empty or missing (an older control plane during a
                     rollout) leaves it unchanged

  Returns {outcome, change_seq}: cold, stale, gap, applied
]]
-- @include account
local a, step = warm_account(KEYS[1], KEYS[2]), tonumber(ARGV[1])
if not a then return { 'cold', 0 } end
if step <= a.change_seq then return { 'stale', a.change_seq } end
if step > a.change_seq + 1 then return { 'gap', a.change_seq } end
redis.call('HSET', KEYS[1], 'change_seq', step, 'state', ARGV[2], 'tier', ARGV[3])
local floor = tonumber(ARGV[4] or '')
if floor then redis.call('HSET', KEYS[1], 'floor', floor) end
return { 'applied', step }

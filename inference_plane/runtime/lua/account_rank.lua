--[[
  The rank of the account's tier. Nothing is written.

  KEYS[1] account    hash
  KEYS[2] tiers      hash     <tier>:rank
  KEYS[3] meta       hash     epoch of the shard

  Returns {outcome, rank}:
    cold   0      -- not in Redis, or of an epoch before a loss
    found  rank
]]
-- @include account
local a = warm_account(KEYS[1], KEYS[3])
if not a then return { 'cold', 0 } end
return { 'found', tonumber(redis.call('HGET', KEYS[2], a.tier .. ':rank') or 0) }

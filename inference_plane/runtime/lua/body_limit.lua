--[[
  How large a request body the account's tier allows. Nothing is written.

  KEYS[1] account    hash
  KEYS[2] tiers      hash     <tier>:body; -1 is no limit
  KEYS[3] meta       hash     epoch of the shard

  Returns {outcome, limit}:
    cold   0      -- not in Redis, or of an epoch before a loss
    found  bytes, -1 for no limit
]]
-- @include account
local a = warm_account(KEYS[1], KEYS[3])
if not a then return { 'cold', 0 } end
return { 'found', tonumber(redis.call('HGET', KEYS[2], a.tier .. ':body') or -1) }

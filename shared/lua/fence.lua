--[[
  Open a shard at an epoch. Accounts of an earlier epoch become cold and are loaded again.

  KEYS[1] meta       hash

  ARGV[1] epoch

  Returns {outcome, epoch}: fenced (now at this epoch), ahead (it is at a later one)
]]
local epoch = tonumber(redis.call('HGET', KEYS[1], 'epoch') or 0)
if epoch > tonumber(ARGV[1]) then return { 'ahead', epoch } end
redis.call('HSET', KEYS[1], 'epoch', ARGV[1])
return { 'fenced', tonumber(ARGV[1]) }

#!lua flags=allow-oom
--[[
  Heartbeat of a request in flight: records its cost so far and extends its deadline. If the replica
  dies, the sweep charges this cost.

  KEYS[1] hold       hash
  KEYS[2] deadlines  zset
  KEYS[3] account    hash

  ARGV[1] account id
  ARGV[2] request id
  ARGV[3] progress   micro-credits so far; never goes back
  ARGV[4] ttl_ms

  Returns {outcome, progress}:
    gone      it has ended, or its account was loaded in a later epoch: it is not swept, and its
              cost is charged as unreserved
    inflight
]]
-- @include clock
local hold = redis.call('HMGET', KEYS[1], 'state', 'progress', 'epoch')
if hold[1] ~= 'reserved' and hold[1] ~= 'inflight' then return { 'gone', 0 } end
if hold[3] ~= redis.call('HGET', KEYS[3], 'epoch') then return { 'gone', 0 } end
local progress = math.max(tonumber(hold[2]), tonumber(ARGV[3]))
local deadline = now_ms() + tonumber(ARGV[4])
redis.call('HSET', KEYS[1], 'state', 'inflight', 'progress', progress, 'deadline', deadline)
redis.call('ZADD', KEYS[2], deadline, ARGV[2] .. '|' .. ARGV[1])
return { 'inflight', progress }

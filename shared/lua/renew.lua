--[[
  A sign of life of who answers a claimed request, with what was answered since the last one; and
  whether anybody still listens.

  KEYS[1] claim      hash     state, until, heard
  KEYS[2] replay     stream   what was answered so far

  ARGV[1] lease_ms
  ARGV[2] keep_ms    how long the answer is kept
  ARGV[3] state      running, done, forgotten (nothing was answered: the key is free again)
  ARGV[4] pieces     their count; the pieces follow from ARGV[5]

  Returns {outcome, heard_ms_ago}: gone, running, done, forgotten; -1 is never heard of
]]
-- @include clock
local now, state = now_ms(), ARGV[3]
if redis.call('EXISTS', KEYS[1]) == 0 then return { 'gone', -1 } end
if state == 'forgotten' then
  redis.call('DEL', KEYS[1], KEYS[2])
  return { 'forgotten', -1 }
end
for i = 5, 4 + tonumber(ARGV[4]) do redis.call('XADD', KEYS[2], '*', 'd', ARGV[i]) end
if state == 'done' then redis.call('XADD', KEYS[2], '*', 'end', '1') end
redis.call('HSET', KEYS[1], 'state', state, 'until', now + tonumber(ARGV[1]))
redis.call('PEXPIRE', KEYS[2], ARGV[2])
local heard = tonumber(redis.call('HGET', KEYS[1], 'heard') or -1)
return { state, heard < 0 and -1 or now - heard }

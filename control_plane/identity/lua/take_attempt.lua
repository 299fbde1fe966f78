--[[
  Takes one attempt of a name before anything is verified, or refuses it while the name is paused.
  An attempt counts as failed until the key is deleted, so that parallel attempts cannot get ahead
  of the pause.

  KEYS[1] attempts  hash     failures, and until when the name is paused, s

  ARGV[1] now       s
  ARGV[2] kept      s        after the last attempt
  ARGV[3] pause     s        after the first failure; the following ones are for the next failures,
                             and the last one for all beyond

  Returns 0 when the attempt is taken, else the ms to wait
]]
local now = tonumber(ARGV[1])
local paused_until = tonumber(redis.call('HGET', KEYS[1], 'until') or 0)
if now < paused_until then
  return math.ceil((paused_until - now) * 1000)
end
local failures = redis.call('HINCRBY', KEYS[1], 'failures', 1)
local pause = tonumber(ARGV[math.min(2 + failures, #ARGV)])
-- As text: Redis would cut a number to an integer, and Lua's own text has 14 digits only.
local until_s = pause > 0 and string.format('%.3f', now + pause) or '0'
redis.call('HSET', KEYS[1], 'until', until_s)
redis.call('EXPIRE', KEYS[1], tonumber(ARGV[2]))
return 0

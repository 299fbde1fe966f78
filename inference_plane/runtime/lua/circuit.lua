--[[
  The circuit breaker of one provider's key, shared by every replica: closed, open until a time,
  half-open for one trial. Several failures in a row, all within the window, open it; each trial
  that fails doubles the pause.

  KEYS[1] circuit    hash     failures, since, pause, until
  KEYS[2] open       hash     name to the time until which it is open, ms; replicas poll it

  ARGV[1] name
  ARGV[2] event      check, failed, succeeded
  ARGV[3] failures   that open it
  ARGV[4] window_ms
  ARGV[5] pause_ms   the first one
  ARGV[6] pause_ms   the longest

  Returns {state, wait_ms}: closed, trial (the caller may try, alone), open
]]
-- @include clock
local now, event = now_ms(), ARGV[2]
local f = redis.call('HMGET', KEYS[1], 'failures', 'since', 'pause', 'until')
local failures, since = tonumber(f[1] or 0), tonumber(f[2] or 0)
local pause, open_until = tonumber(f[3] or 0), tonumber(f[4] or 0)

if event == 'succeeded' then
  redis.call('DEL', KEYS[1])
  redis.call('HDEL', KEYS[2], ARGV[1])
  return { 'closed', 0 }
end

local function open_for(ms)
  redis.call('HSET', KEYS[1], 'failures', 0, 'since', now, 'pause', ms, 'until', now + ms)
  redis.call('PEXPIRE', KEYS[1], tonumber(ARGV[6]) * 4)
  redis.call('HSET', KEYS[2], ARGV[1], now + ms)
  return { 'open', ms }
end

if event == 'check' then
  if open_until == 0 then return { 'closed', 0 } end
  if now < open_until then return { 'open', open_until - now } end
  -- One caller tries. For the others it stays open until the result, or for another pause.
  redis.call('HSET', KEYS[1], 'until', now + tonumber(ARGV[5]))
  redis.call('HSET', KEYS[2], ARGV[1], now + tonumber(ARGV[5]))
  return { 'trial', 0 }
end

if pause > 0 then return open_for(math.min(pause * 2, tonumber(ARGV[6]))) end
if now - since > tonumber(ARGV[4]) then failures, since = 0, now end
failures = failures + 1
if failures >= tonumber(ARGV[3]) then return open_for(tonumber(ARGV[5])) end
redis.call('HSET', KEYS[1], 'failures', failures, 'since', since)
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return { 'closed', 0 }

--[[
  The circuit breaker of one provider's key, shared by every replica: closed, open until a time,
  half-open for one trial. Several failures, all within the window and of several accounts, open it;
  each trial that fails doubles the pause. The account whose trial failed waits twice as long for
  the next one, so that it cannot keep the circuit open for the others.

  KEYS[1] circuit    hash     failures, accounts, since, pause, until, trial, tried; a:<account>
  KEYS[2] open       hash     name to the time until which it is open, ms; replicas poll it

  ARGV[1] name
  ARGV[2] event      check, failed, succeeded
  ARGV[3] failures   that open it
  ARGV[4] window_ms
  ARGV[5] pause_ms   the first one
  ARGV[6] pause_ms   the longest
  ARGV[7] accounts   that must be among the failures
  ARGV[8] account    a digest; empty for a failure that no request can cause

  Returns {state, wait_ms}: closed, trial (the caller may try, alone), open
]]
-- @include clock
local now, event, account = now_ms(), ARGV[2], ARGV[8]
local f = redis.call('HMGET', KEYS[1], 'failures', 'since', 'pause', 'until', 'accounts', 'tried')
local failures, since = tonumber(f[1] or 0), tonumber(f[2] or 0)
local pause, open_until = tonumber(f[3] or 0), tonumber(f[4] or 0)
local accounts, tried = tonumber(f[5] or 0), f[6] or ''

if event == 'succeeded' then
  redis.call('DEL', KEYS[1])
  redis.call('HDEL', KEYS[2], ARGV[1])
  return { 'closed', 0 }
end

local function open_for(ms)
  redis.call('HSET', KEYS[1], 'failures', 0, 'since', now, 'pause', ms, 'until', now + ms,
    'tried', account)
  redis.call('HDEL', KEYS[1], 'trial')
  redis.call('PEXPIRE', KEYS[1], tonumber(ARGV[6]) * 4)
  redis.call('HSET', KEYS[2], ARGV[1], now + ms)
  return { 'open', ms }
end

if event == 'check' then
  if open_until == 0 then return { 'closed', 0 } end
  if now < open_until then return { 'open', open_until - now } end
  local more = account ~= '' and tried == account and pause or 0
  if now < open_until + more then return { 'open', open_until + more - now } end
  -- One caller tries. For the others it stays open until the result, or for another pause.
  redis.call('HSET', KEYS[1], 'until', now + tonumber(ARGV[5]), 'trial', 1)
  redis.call('HSET', KEYS[2], ARGV[1], now + tonumber(ARGV[5]))
  return { 'trial', 0 }
end

-- While it is open only the trial says anything new: other requests had begun before it opened.
if pause > 0 and redis.call('HEXISTS', KEYS[1], 'trial') == 0 then
  return { 'open', math.max(0, open_until - now) }
end
if pause > 0 then return open_for(math.min(pause * 2, tonumber(ARGV[6]))) end
if now - since > tonumber(ARGV[4]) then
  redis.call('DEL', KEYS[1])
  failures, accounts, since = 0, 0, now
end
failures = failures + 1
local several = tonumber(ARGV[7])
if account == '' then
  accounts = several
elseif redis.call('HSETNX', KEYS[1], 'a:' .. account, 1) == 1 then
  accounts = accounts + 1
end
if failures >= tonumber(ARGV[3]) and accounts >= several then return open_for(tonumber(ARGV[5])) end
redis.call('HSET', KEYS[1], 'failures', failures, 'since', since, 'accounts', accounts)
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return { 'closed', 0 }

--[[
  The first request under an idempotency key claims it; every other one learns what became of it.

  KEYS[1] claim      hash     fingerprint, state, until
  KEYS[2] replay     stream   what was answered so far

  ARGV[1] fingerprint of the request
  ARGV[2] ttl_ms     how long the key is remembered
  ARGV[3] lease_ms   how long the claim holds without a sign of life

  Returns {outcome}:
    other     the key belongs to another request
    done      it was answered
    running   it is being answered
    lost      who answered it died after something had been sent
    fresh     claimed now: nobody had it, or who had it died before anything was sent
]]
-- @include clock
local now = now_ms()
local f = redis.call('HMGET', KEYS[1], 'fingerprint', 'state', 'until')
if f[1] and f[1] ~= ARGV[1] then return { 'other' } end
if f[2] == 'done' then return { 'done' } end
if f[1] and now < tonumber(f[3]) then return { 'running' } end
if f[1] and redis.call('XLEN', KEYS[2]) > 0 then return { 'lost' } end
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'state', 'running',
  'until', now + tonumber(ARGV[3]))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return { 'fresh' }

--[[
  The first request with an idempotency key claims it; every other one learns its state.

  KEYS[1] claim      hash     fingerprint, state, until
  KEYS[2] replay     stream   the answer so far

  ARGV[1] fingerprint of the request
  ARGV[2] ttl_ms     how long the key is remembered
  ARGV[3] lease_ms   how long the claim holds without a renewal

  Returns {outcome}:
    conflict  the key belongs to another request
    done      it was answered
    running   it is being answered
    lost      the replica that answered it died after it had recorded something
    claimed   by this request: nobody had it, or whoever had it died before it recorded anything
]]
-- @include clock
local now = now_ms()
local f = redis.call('HMGET', KEYS[1], 'fingerprint', 'state', 'until')
if f[1] and f[1] ~= ARGV[1] then return { 'conflict' } end
if f[2] == 'done' then return { 'done' } end
if f[1] and now < tonumber(f[3]) then return { 'running' } end
if f[1] and redis.call('XLEN', KEYS[2]) > 0 then return { 'lost' } end
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'state', 'running',
  'until', now + tonumber(ARGV[3]))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return { 'claimed' }

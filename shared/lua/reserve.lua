--[[
  Hold credits for one request, or refuse it by name. Nothing is written on refusal.

  KEYS[1] account    hash
  KEYS[2] lots       hash     lot id to micro-credits remaining
  KEYS[3] order      zset     lot id by burn order
  KEYS[4] hold       hash     the hold to make
  KEYS[5] deadlines  zset     request|account by deadline, ms
  KEYS[6] window     hash     requests and tokens per minute, credits today
  KEYS[7] tiers      hash     <tier>:rank, rpm, tpm, cpd, open; -1 is no limit
  KEYS[8] outbox     stream
  KEYS[9] meta       hash     epoch of the shard

  ARGV[1] account id
  ARGV[2] request id
  ARGV[3] fingerprint of the request; a different one under the same request id is a conflict
  ARGV[4] target     micro-credits to hold
  ARGV[5] min_hold   micro-credits: refused if fewer can be held
  ARGV[6] tokens     estimated, counted against tokens per minute
  ARGV[7] rank       of the tier that the model requires
  ARGV[8] ttl_ms
  ARGV[9] event      JSON, emitted if the hold is swept
  ARGV[10] api key   whose cap counts; empty or missing is none
  ARGV[11] cap       micro-credits that key may take in all; -1 or missing is no cap

  Returns {outcome, number, avail, rpm, left, reset_ms, tpm, left, reset_ms, cpd, left, reset_ms};
  the first outcome that applies, in this order:
    cold                  0              -- not in Redis, or of an epoch before a loss
    conflict              0              -- the request id is taken by another request
    repeated              credits held or charged already
    suspended             0
    model_locked          rank of the account's tier
    concurrent_requests   requests open
    requests_per_minute   retry after, ms
    tokens_per_minute     retry after, ms
    credits_per_day       retry after, ms
    key_cap               micro-credits left under the key's cap
    insufficient_credits  micro-credits available
    held                  micro-credits held
]]
-- @include clock
-- @include cap
-- @include lots
-- @include emit
-- @include window
local target, min_hold, tokens = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local now = now_ms()
local a = warm_account(KEYS[1], KEYS[9])
if not a then return { 'cold', 0 } end
local tier = a.tier
local limits = redis.call('HMGET', KEYS[7], tier .. ':rank', tier .. ':rpm', tier .. ':tpm',
  tier .. ':cpd', tier .. ':open')
if not limits[1] then return { 'cold', 0 } end
local rank, rpm, tpm = tonumber(limits[1]), tonumber(limits[2]), tonumber(limits[3])
local cpd, open_max = tonumber(limits[4]), tonumber(limits[5])

local lots = read_lots(KEYS[2], KEYS[3], math.floor(now / 1000))
local expiring = expired_total(lots)
local avail = a.avail - expiring
local w = read_window(KEYS[6], now)
local requests_used, tokens_used = used(w.r0, w.r1, now), used(w.t0, w.t1, now)
local minute_left, day_left = 60000 - now % 60000, 86400000 - now % 86400000

local function result(outcome, number, requests, more_tokens, credits)
  local function left(limit, spent) return limit < 0 and -1 or math.max(0, limit - spent) end
  return { outcome, number, avail,
    rpm, left(rpm, requests_used + requests), minute_left,
    tpm, left(tpm, tokens_used + more_tokens), minute_left,
    cpd, left(cpd, w.credits + credits), day_left }
end
local function refuse(outcome, number) return result(outcome, number, 0, 0, 0) end

local taken = redis.call('HMGET', KEYS[4], 'fingerprint', 'amount', 'charged')
if taken[1] and taken[1] ~= ARGV[3] then return refuse('conflict', 0) end
-- A charge without a hold has no fingerprint, but the request has ended.
if taken[1] or taken[3] then return refuse('repeated', tonumber(taken[2] or taken[3])) end
if a.state ~= 'active' then return refuse('suspended', 0) end
if rank < tonumber(ARGV[7]) then return refuse('model_locked', rank) end
if open_max >= 0 and a.open >= open_max then return refuse('concurrent_requests', a.open) end
if rpm >= 0 and requests_used + 1 > rpm then
  return refuse('requests_per_minute', wait_ms(w.r0, w.r1, 1, rpm, now))
end
if tpm >= 0 and tokens_used + tokens > tpm then
  return refuse('tokens_per_minute', wait_ms(w.t0, w.t1, tokens, tpm, now))
end
if cpd >= 0 and w.credits + min_hold > cpd then return refuse('credits_per_day', day_left) end
local api_key, cap = ARGV[10] or '', tonumber(ARGV[11] or -1)
local cap_left = cap >= 0 and math.max(0, cap - taken_by(KEYS[1], api_key)) or -1
if cap >= 0 and cap_left < min_hold then return refuse('key_cap', cap_left) end
if avail < min_hold then return refuse('insufficient_credits', avail) end

local amount = math.min(target, avail)
if cap >= 0 then amount = math.min(amount, cap_left) end
if cpd >= 0 then amount = math.min(amount, cpd - w.credits) end
if drop_expired(KEYS[2], KEYS[3], lots) then emit_expired(KEYS[8], a, ARGV[1], lots) end
local parts = burn(KEYS[2], lots, amount)
avail = avail - amount
a.avail, a.held, a.open = avail, a.held + amount, a.open + 1
write_account(KEYS[1], a)
if api_key ~= '' then redis.call('HSET', KEYS[4], 'key', api_key, 'cap', cap) end
take_by(KEYS[1], api_key, amount)
redis.call('HSET', KEYS[4], 'state', 'reserved', 'amount', amount, 'alloc', pack(parts),
  'fingerprint', ARGV[3], 'tokens', tokens, 'minute', w.minute, 'day', w.day, 'progress', 0,
  'step', 0, 'epoch', a.epoch, 'event', ARGV[9], 'deadline', now + tonumber(ARGV[8]))
redis.call('PEXPIRE', KEYS[4], 172800000)
redis.call('ZADD', KEYS[5], now + tonumber(ARGV[8]), ARGV[2] .. '|' .. ARGV[1])
local answer = result('held', amount, 1, tokens, amount)
w.r0, w.t0, w.credits = w.r0 + 1, w.t0 + tokens, w.credits + amount
write_window(KEYS[6], w)
return answer

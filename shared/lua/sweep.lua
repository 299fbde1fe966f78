#!lua flags=allow-oom
--[[
  End one hold whose deadline has passed: its replica is dead. A hold that never reached a provider
  returns whole; one in flight is charged at the last progress that was reported.

  KEYS[1] account    hash
  KEYS[2] lots       hash
  KEYS[3] order      zset
  KEYS[4] hold       hash
  KEYS[5] deadlines  zset
  KEYS[6] window     hash
  KEYS[7] outbox     stream
  KEYS[8] tiers      hash     <tier>:alerts

  ARGV[1] account id
  ARGV[2] request id

  Returns {outcome, charged, avail, seq}: gone (nothing to end), early (renewed meanwhile),
  released, expired
]]
-- @include clock
-- @include settlement
local k = { account = KEYS[1], lots = KEYS[2], order = KEYS[3], hold = KEYS[4],
  deadlines = KEYS[5], window = KEYS[6], outbox = KEYS[7], tiers = KEYS[8] }
local a, hold, now = read_account(k.account), read_hold(k.hold), now_ms()
if not is_live(hold) or not a or hold.epoch ~= a.epoch then
  redis.call('ZREM', k.deadlines, ARGV[2] .. '|' .. ARGV[1])
  return { 'gone', 0, 0, 0 }
end
if hold.deadline > now then return { 'early', 0, 0, 0 } end
local charge, outcome, requests, tokens = 0, 'released', -1, 0
if hold.state == 'inflight' then
  charge, outcome, requests, tokens = hold.progress, 'expired', 0, hold.tokens
end
local avail, seq = resolve(k, a, hold, { account = ARGV[1], request = ARGV[2], charge = charge,
  tokens = tokens, requests = requests, kind = outcome, event = hold.event, now = now })
return { outcome, charge, avail, seq }

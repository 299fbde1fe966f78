#!lua flags=allow-oom
--[[
  End one hold whose deadline has passed, because its replica is presumed dead. A hold without a
  heartbeat is returned in full; one in flight is charged at its last progress. If the replica
  settles later, either is adjusted.

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
local e = { account = ARGV[1], request = ARGV[2], event = hold.event, now = now,
  kind = 'released', ending = 'returned', charge = 0, requests = -1, tokens = 0 }
if hold.state == 'inflight' then
  e.kind, e.ending, e.charge, e.requests, e.tokens = 'expired', nil, hold.progress, 0, hold.tokens
end
local avail, seq = resolve(k, a, hold, e)
return { e.kind, e.charge, avail, seq }

#!lua flags=allow-oom
--[[
  Return a hold in full: the provider never took the request, so it costs nothing and does not
  count as a request of the minute.

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
  ARGV[3] event      JSON: why

  Returns {outcome, charged, avail, seq}: gone (nothing is held), repeated (it has ended), released
]]
-- @include clock
-- @include settlement
local k = { account = KEYS[1], lots = KEYS[2], order = KEYS[3], hold = KEYS[4],
  deadlines = KEYS[5], window = KEYS[6], outbox = KEYS[7], tiers = KEYS[8] }
local a, hold = read_account(k.account), read_hold(k.hold)
if not hold or not a then return { 'gone', 0, 0, 0 } end
if not is_live(hold) then return { 'repeated', hold.charged, a.avail, hold.seq } end
if hold.epoch ~= a.epoch then return { 'gone', 0, a.avail, 0 } end
local avail, seq = resolve(k, a, hold, { account = ARGV[1], request = ARGV[2], charge = 0,
  tokens = 0, requests = -1, kind = 'released', event = ARGV[3], now = now_ms() })
return { 'released', 0, avail, seq }

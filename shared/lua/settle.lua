#!lua flags=allow-oom
--[[
  Charge the actual cost of a request, once. Runs under memory pressure, too, so that finished work
  is always charged. Without a hold (lost, of an earlier epoch, or swept before the first heartbeat)
  the charge is still made.

  KEYS[1] account    hash
  KEYS[2] lots       hash
  KEYS[3] order      zset
  KEYS[4] hold       hash
  KEYS[5] deadlines  zset
  KEYS[6] window     hash
  KEYS[7] outbox     stream
  KEYS[8] tiers      hash     <tier>:alerts
  KEYS[9] meta       hash

  ARGV[1] account id
  ARGV[2] request id
  ARGV[3] charge     micro-credits, already rounded to the increment
  ARGV[4] tokens     used
  ARGV[5] event      JSON, emitted verbatim
  ARGV[6] api key    whose cap it counts against where no hold says so; empty or missing is none

  Returns {outcome, charged, avail, seq}:
    cold        0 0 0   -- load the account, then call again
    repeated    the result of the first settle or release
    adjusted    a sweep had charged the last progress; the difference was charged, and `charged`
                is the new total
    settled
    unreserved  there was no hold
]]
-- @include clock
-- @include adjustment
local k = { account = KEYS[1], lots = KEYS[2], order = KEYS[3], hold = KEYS[4],
  deadlines = KEYS[5], window = KEYS[6], outbox = KEYS[7], tiers = KEYS[8] }
local charge, now = tonumber(ARGV[3]), now_ms()
local a, hold = warm_account(k.account, KEYS[9]), read_hold(k.hold)
if not a then return { 'cold', 0, 0, 0 } end
if hold and (hold.state == 'settled' or hold.state == 'released' or hold.state == 'unreserved') then
  return { 'repeated', hold.charged, a.avail, hold.seq }
end

local e = { account = ARGV[1], request = ARGV[2], charge = charge, tokens = tonumber(ARGV[4]),
  requests = 0, event = ARGV[5], now = now, key = ARGV[6] or '' }
if hold and hold.state == 'expired' then
  local charged, seq = adjust(k, a, hold, e)
  return { 'adjusted', charged, a.avail, seq }
end
e.kind = 'settled'
if not is_live(hold) or hold.epoch ~= a.epoch then hold, e.kind = no_hold(), 'unreserved' end
local avail, seq = resolve(k, a, hold, e)
return { e.kind, charge, avail, seq }

#!lua flags=allow-oom
--[[
  Charge what a request really cost and book it, once. Runs under memory pressure too: finished work
  is always booked. Without a hold (lost, or of an older epoch) the charge is taken all the same.

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
  ARGV[5] event      JSON, booked verbatim

  Returns {outcome, charged, avail, seq}:
    cold        0 0 0   -- load the account, then call again
    repeated    what the first settle or release said
    adjusted    a sweep had charged the last progress; the difference was booked
    settled
    unreserved  there was no hold
]]
-- @include clock
-- @include settlement
local k = { account = KEYS[1], lots = KEYS[2], order = KEYS[3], hold = KEYS[4],
  deadlines = KEYS[5], window = KEYS[6], outbox = KEYS[7], tiers = KEYS[8] }
local charge, now = tonumber(ARGV[3]), now_ms()
local a, hold = warm_account(k.account, KEYS[9]), read_hold(k.hold)
if not a then return { 'cold', 0, 0, 0 } end
if hold and (hold.state == 'settled' or hold.state == 'released' or hold.state == 'unreserved') then
  return { 'repeated', hold.charged, a.avail, hold.seq }
end

if hold and hold.state == 'expired' then
  local now_s, more = math.floor(now / 1000), charge - hold.charged
  local _, rest = split(unpack_parts(hold.alloc), charge)
  local returned, lapsed = give_back(k.lots, k.order, rest, now_s)
  local kept, debt, writeoff = {}, 0, 0
  if more > 0 then kept, debt, writeoff = take(k, a, more, now_s) end
  if more < 0 then
    -- What the sweep had charged beyond its lots was debt, so that much of it is forgiven.
    debt = -math.min(-more - total(rest), a.debt)
    more = debt - total(rest)
    a.debt, a.avail = a.debt + debt, a.avail - debt
    charge = hold.charged + more
  end
  a.avail = a.avail + returned
  correct_window(k.window, now, hold.minute, hold.day, 0, 0, more)
  local seq = emit(k.outbox, a, ARGV[1], 'adjusted', ARGV[5], 'request', ARGV[2],
    'amount', more, 'alloc', pack(kept), 'returned', pack(rest), 'lapsed', pack(lapsed),
    'debt', debt, 'writeoff', writeoff, 'avail', a.avail)
  if more > 0 then alert(k, a, ARGV[1]) end
  bury(k.hold, hold, 'settled', charge, seq)
  write_account(k.account, a)
  return { 'adjusted', charge, a.avail, seq }
end

local outcome = 'settled'
if not hold or hold.epoch ~= a.epoch then hold, outcome = no_hold(), 'unreserved' end
local avail, seq = resolve(k, a, hold, { account = ARGV[1], request = ARGV[2], charge = charge,
  tokens = tonumber(ARGV[4]), requests = 0, kind = outcome, event = ARGV[5], now = now })
return { outcome, charge, avail, seq }

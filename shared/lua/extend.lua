--[[
  Extend a hold in flight, because the response costs more than was held.

  KEYS[1] account    hash
  KEYS[2] lots       hash
  KEYS[3] order      zset
  KEYS[4] hold       hash
  KEYS[5] deadlines  zset
  KEYS[6] window     hash
  KEYS[7] tiers      hash

  ARGV[1] account id
  ARGV[2] request id
  ARGV[3] step       1, 2, 3 … within the request; a repeated step has no effect
  ARGV[4] target     micro-credits to add
  ARGV[5] min_hold   micro-credits: refused if fewer can be added
  ARGV[6] tokens     additional tokens, counted against tokens per minute but never refused
  ARGV[7] progress   micro-credits so far
  ARGV[8] ttl_ms

  Returns {outcome, number, avail}:
    gone                  0           -- the hold has ended
    repeated              held in all
    credits_per_day       left today
    key_cap               left under the API key's cap
    insufficient_credits  available
    extended              held in all
]]
-- @include clock
-- @include settlement
local a, hold, now = read_account(KEYS[1]), read_hold(KEYS[4]), now_ms()
if not is_live(hold) or not a or hold.epoch ~= a.epoch then return { 'gone', 0, 0 } end
local target, min_hold = tonumber(ARGV[4]), tonumber(ARGV[5])
if hold.step >= tonumber(ARGV[3]) then return { 'repeated', hold.amount, a.avail } end
local lots = read_lots(KEYS[2], KEYS[3], math.floor(now / 1000))
local usable = a.avail - expired_total(lots)
local cpd = tonumber(redis.call('HGET', KEYS[7], a.tier .. ':cpd') or -1)
local w = read_window(KEYS[6], now)
if cpd >= 0 and w.credits + min_hold > cpd then
  return { 'credits_per_day', math.max(0, cpd - w.credits), a.avail }
end
local cap_left = hold.cap >= 0 and math.max(0, hold.cap - taken_by(KEYS[1], hold.key)) or -1
if hold.cap >= 0 and cap_left < min_hold then return { 'key_cap', cap_left, a.avail } end
if usable < min_hold then return { 'insufficient_credits', usable, a.avail } end

local amount = math.min(target, usable)
if hold.cap >= 0 then amount = math.min(amount, cap_left) end
if cpd >= 0 then amount = math.min(amount, cpd - w.credits) end
local parts = unpack_parts(hold.alloc)
for _, part in ipairs(burn(KEYS[2], lots, amount)) do parts[#parts + 1] = part end
a.avail, a.held = a.avail - amount, a.held + amount
write_account(KEYS[1], a)
take_by(KEYS[1], hold.key, amount)
local deadline = now + tonumber(ARGV[8])
redis.call('HSET', KEYS[4], 'state', 'inflight', 'amount', hold.amount + amount,
  'alloc', pack(parts), 'step', ARGV[3], 'tokens', hold.tokens + tonumber(ARGV[6]),
  'deadline', deadline,
  'progress', math.max(hold.progress, tonumber(ARGV[7])))
redis.call('ZADD', KEYS[5], deadline, ARGV[2] .. '|' .. ARGV[1])
correct_window(KEYS[6], now, hold.minute, hold.day, 0, tonumber(ARGV[6]), amount)
return { 'extended', hold.amount + amount, a.avail }

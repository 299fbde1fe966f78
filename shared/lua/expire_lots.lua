--[[
  Remove the expired lots of an account and emit what expired.

  KEYS[1] account    hash
  KEYS[2] lots       hash
  KEYS[3] order      zset
  KEYS[4] outbox     stream
  KEYS[5] meta       hash

  ARGV[1] account id

  Returns {outcome, micro-credits expired}: cold, none (nothing has expired), expired
]]
-- @include clock
-- @include lots
-- @include emit
local a = warm_account(KEYS[1], KEYS[5])
if not a then return { 'cold', 0 } end
local lots = read_lots(KEYS[2], KEYS[3], math.floor(now_ms() / 1000))
local expiring = expired_total(lots)
if not drop_expired(KEYS[2], KEYS[3], lots) then return { 'none', 0 } end
a.avail = a.avail - expiring
emit_expired(KEYS[4], a, ARGV[1], lots)
write_account(KEYS[1], a)
return { 'expired', expiring }

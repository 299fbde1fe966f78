-- How a live hold ends: what it cost stays, the rest returns to the lots it came from, the window
-- is corrected, one entry goes into the outbox, and the hold becomes a tombstone.
-- @include lots
-- @include emit
-- @include window
-- @include alerts
local function read_hold(key)
  local f = redis.call('HMGET', key, 'state', 'amount', 'alloc', 'tokens', 'minute', 'day',
    'progress', 'event', 'epoch', 'fingerprint', 'charged', 'seq', 'deadline')
  if not f[1] then return nil end
  return { state = f[1], amount = tonumber(f[2] or 0), alloc = f[3] or '',
    tokens = tonumber(f[4] or 0), minute = tonumber(f[5] or 0), day = tonumber(f[6] or 0),
    progress = tonumber(f[7] or 0), event = f[8], epoch = f[9], fingerprint = f[10] or '',
    charged = tonumber(f[11] or 0), seq = tonumber(f[12] or 0), deadline = tonumber(f[13] or 0) }
end

local function is_live(hold)
  return hold ~= nil and (hold.state == 'reserved' or hold.state == 'inflight')
end

-- What a hold of another epoch set aside is gone with that epoch: it counts as nothing held.
local function of_this_epoch(hold, epoch)
  if hold and hold.epoch == epoch then return hold end
  return { state = 'none', amount = 0, alloc = '', tokens = 0, minute = 0, day = 0,
    fingerprint = hold and hold.fingerprint or '' }
end

local function bury(key, hold, outcome, charged, seq, alloc)
  redis.call('DEL', key)
  redis.call('HSET', key, 'state', outcome, 'charged', charged, 'seq', seq, 'alloc', alloc,
    'fingerprint', hold.fingerprint, 'minute', hold.minute, 'day', hold.day)
  redis.call('PEXPIRE', key, 172800000)
end

-- Takes `amount` from the lots, then from the future: what no lot can pay becomes debt, down to the
-- account's floor; what lies beyond that is written off.
local function take(k, amount, now_s)
  local parts, taken = burn(k.lots, read_lots(k.lots, k.order, now_s), amount)
  local f = redis.call('HMGET', k.account, 'debt', 'floor')
  local room = math.max(0, -tonumber(f[2]) - tonumber(f[1]))
  local debt = math.min(amount - taken, room)
  if debt > 0 then redis.call('HINCRBY', k.account, 'debt', debt) end
  return parts, debt, amount - taken - debt
end

-- k: keys by name. e: account, request, charge, tokens, requests (taken back), kind, event, now.
local function resolve(k, hold, e)
  local now_s = math.floor(e.now / 1000)
  local kept, rest = split(unpack_parts(hold.alloc), e.charge)
  local returned, lapsed = give_back(k.lots, k.order, rest, now_s)
  local short, debt, writeoff = math.max(0, e.charge - hold.amount), 0, 0
  if short > 0 then
    local more
    more, debt, writeoff = take(k, short, now_s)
    for _, part in ipairs(more) do kept[#kept + 1] = part end
  end
  local avail = redis.call('HINCRBY', k.account, 'avail', returned - short + writeoff)
  if is_live(hold) then
    redis.call('HINCRBY', k.account, 'held', -hold.amount)
    redis.call('HINCRBY', k.account, 'open', -1)
  end
  redis.call('ZREM', k.deadlines, e.request .. '|' .. e.account)
  correct_window(k.window, e.now, hold.minute, hold.day, e.requests, e.tokens - hold.tokens,
    e.charge - hold.amount)
  local seq = emit(k.outbox, k.account, e.account, e.kind, e.event, { 'request', e.request,
    'amount', e.charge, 'alloc', pack(kept), 'lapsed', pack(lapsed), 'debt', debt,
    'writeoff', writeoff, 'avail', avail })
  -- Only what a sweep charged may still be corrected, so only its tombstone keeps the lots.
  bury(k.hold, hold, e.kind, e.charge, seq, e.kind == 'expired' and pack(kept) or '')
  if e.charge > 0 then alert(k, e.account, avail) end
  return avail, seq
end

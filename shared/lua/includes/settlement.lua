-- Ends a hold: the cost is charged, the rest returns to its lots, the rate-limit window is
-- corrected, one entry is added to the outbox, and the hold becomes a tombstone.
-- @include lots
-- @include emit
-- @include window
-- @include alerts
-- @include cap
local function read_hold(key)
  local f = redis.call('HMGET', key, 'state', 'amount', 'alloc', 'tokens', 'minute', 'day',
    'progress', 'event', 'epoch', 'charged', 'seq', 'deadline', 'step', 'writeoff', 'key', 'cap')
  if not f[1] then return nil end
  return { state = f[1], amount = tonumber(f[2] or 0), alloc = f[3] or '',
    tokens = tonumber(f[4] or 0), minute = tonumber(f[5] or 0), day = tonumber(f[6] or 0),
    progress = tonumber(f[7] or 0), event = f[8], epoch = f[9], charged = tonumber(f[10] or 0),
    seq = tonumber(f[11] or 0), deadline = tonumber(f[12] or 0), step = tonumber(f[13] or 0),
    writeoff = tonumber(f[14] or 0), key = f[15] or '', cap = tonumber(f[16] or -1) }
end

local function is_live(hold)
  return hold ~= nil and (hold.state == 'reserved' or hold.state == 'inflight')
end

-- No hold, or one of an earlier epoch.
local function no_hold()
  return { state = 'none', amount = 0, alloc = '', tokens = 0, minute = 0, day = 0, key = '' }
end

-- The tombstone is kept for 48 hours after the reservation, to answer repeated calls. Only a charge
-- by a sweep may be adjusted, so only its tombstone stores `paid`: the parts of lots, and what was
-- written off.
local function bury(key, hold, outcome, charged, seq, paid)
  redis.call('HSET', key, 'state', outcome, 'charged', charged, 'seq', seq)
  if hold.state == 'none' then redis.call('PEXPIRE', key, 172800000) end
  if outcome == 'expired' then
    redis.call('HSET', key, 'alloc', paid.alloc, 'writeoff', paid.writeoff)
    redis.call('HDEL', key, 'event', 'amount', 'progress', 'step')
  else
    redis.call('HDEL', key, 'event', 'amount', 'progress', 'step', 'alloc', 'tokens', 'deadline',
      'writeoff')
  end
end

-- Takes `amount` from lots; what they cannot pay becomes debt, down to the account's floor, and the
-- rest is written off.
local function take(k, a, amount, now_s)
  local parts, taken = burn(k.lots, read_lots(k.lots, k.order, now_s), amount)
  local debt = math.min(amount - taken, math.max(0, -a.floor - a.debt))
  a.debt, a.avail = a.debt + debt, a.avail - taken - debt
  return parts, debt, amount - taken - debt
end

-- k: keys by name. a: the account. e: account, request, charge, tokens, requests (taken back),
-- kind, event, now, key; and `ending`, where the tombstone's state differs from the kind.
local function resolve(k, a, hold, e)
  local now_s = math.floor(e.now / 1000)
  local kept, rest = split(unpack_parts(hold.alloc), e.charge)
  local returned, expired = give_back(k.lots, k.order, rest, now_s)
  local short, debt, writeoff = math.max(0, e.charge - hold.amount), 0, 0
  if short > 0 then
    local more
    more, debt, writeoff = take(k, a, short, now_s)
    for _, part in ipairs(more) do kept[#kept + 1] = part end
  end
  a.avail = a.avail + returned
  take_by(k.account, hold.key ~= '' and hold.key or e.key, e.charge - hold.amount)
  if is_live(hold) then
    a.held, a.open = a.held - hold.amount, a.open - 1
    redis.call('ZREM', k.deadlines, e.request .. '|' .. e.account)
  end
  correct_window(k.window, e.now, hold.minute, hold.day, e.requests, e.tokens - hold.tokens,
    e.charge - hold.amount)
  local alloc = pack(kept)
  local seq = emit(k.outbox, a, e.account, e.kind, e.event, 'request', e.request,
    'amount', e.charge, 'alloc', alloc, 'expired', pack(expired), 'debt', debt,
    'writeoff', writeoff, 'avail', a.avail)
  bury(k.hold, hold, e.ending or e.kind, e.charge, seq, { alloc = alloc, writeoff = writeoff })
  if e.charge > 0 then alert(k, a, e.account) end
  write_account(k.account, a)
  return a.avail, seq
end

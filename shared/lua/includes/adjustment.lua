-- A settle after a sweep had charged the last progress: the difference is charged or returned. A
-- higher cost is charged like any other; a lower one reduces first what the sweep wrote off, then
-- the debt it created, and only then returns credits to lots.
-- @include settlement
-- @include refund

-- The parts that return to their lots. A lot that was used up is not loaded in a later epoch: its
-- part goes to the lot that burns last.
local function returning(k, a, hold, alloc, charge, now_s)
  local _, rest = split(alloc, charge)
  if hold.epoch == a.epoch then return rest end
  for _, part in ipairs(rest) do
    if not redis.call('ZSCORE', k.order, part[1]) then
      part[1] = last_lot(k.order, now_s) or part[1]
    end
  end
  return rest
end

-- k: keys by name. a: the account. e: account, request, charge, event, now. Returns the
-- total charge and the number of the entry.
local function adjust(k, a, hold, e)
  local now_s, more = math.floor(e.now / 1000), e.charge - hold.charged
  local kept, rest, expired, returned, debt, writeoff = {}, {}, {}, 0, 0, 0
  if more > 0 then kept, debt, writeoff = take(k, a, more, now_s) end
  if more < 0 then
    local alloc = unpack_parts(hold.alloc)
    writeoff = -math.min(-more, hold.writeoff)
    local owed = hold.charged - hold.writeoff - total(alloc)
    local forgiven, repaid = forgive(k.order, a, math.min(writeoff - more, owed),
      alloc[1] and alloc[1][1], now_s)
    debt, rest = -forgiven, returning(k, a, hold, alloc, e.charge, now_s)
    rest[#rest + 1] = repaid
    returned, expired = give_back(k.lots, k.order, rest, now_s)
  end
  a.avail = a.avail + returned
  more = total(kept) + debt + writeoff - total(rest)
  local charged = hold.charged + more
  take_by(k.account, hold.key, more)
  correct_window(k.window, e.now, hold.minute, hold.day, 0, 0, more)
  local seq = emit(k.outbox, a, e.account, 'adjusted', e.event, 'request', e.request,
    'amount', more, 'alloc', pack(kept), 'returned', pack(rest), 'expired', pack(expired),
    'debt', debt, 'writeoff', writeoff, 'avail', a.avail, 'adjusts_epoch', hold.epoch)
  if more > 0 then alert(k, a, e.account) end
  bury(k.hold, hold, 'settled', charged, seq)
  write_account(k.account, a)
  return charged, seq
end

-- One numbered entry into the shard's outbox. The body is the caller's JSON, verbatim; every amount
-- travels beside it as a field, so that no JSON is built here. `__data__` is what FastStream reads.
-- The number is taken in the account at hand: whoever emits writes the account.
-- @include account
-- @include packing
local function emit(outbox_key, a, account, kind, body, ...)
  a.seq = a.seq + 1
  redis.call('XADD', outbox_key, '*', '__data__', body, 'kind', kind, 'account', account,
    'seq', a.seq, 'epoch', a.epoch, ...)
  return a.seq
end

-- Says which lots have expired; without amounts there is nothing to say.
local function emit_expired(outbox_key, a, account, lots)
  local gone = {}
  for _, lot in ipairs(lots) do
    if not lot[3] and lot[2] > 0 then gone[#gone + 1] = { lot[1], lot[2] } end
  end
  if #gone > 0 then
    emit(outbox_key, a, account, 'lots_expired', '{}', 'amount', 0, 'expired', pack(gone))
  end
end

-- Adds one numbered entry to the shard's outbox. The body is the caller's JSON, verbatim; amounts
-- are separate fields, so that no JSON is built here. FastStream reads `__data__`. The number is
-- taken from the account in memory, which the caller must write.
-- @include account
-- @include packing
local function emit(outbox_key, a, account, kind, body, ...)
  a.seq = a.seq + 1
  redis.call('XADD', outbox_key, '*', '__data__', body, 'kind', kind, 'account', account,
    'seq', a.seq, 'epoch', a.epoch, ...)
  return a.seq
end

-- Emits the expired lots that have credits remaining.
local function emit_expired(outbox_key, a, account, lots)
  local gone = {}
  for _, lot in ipairs(lots) do
    if not lot[3] and lot[2] > 0 then gone[#gone + 1] = { lot[1], lot[2] } end
  end
  if #gone > 0 then
    emit(outbox_key, a, account, 'lots_expired', '{}', 'amount', 0, 'expired', pack(gone))
  end
end

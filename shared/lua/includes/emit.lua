-- @include packing
-- One numbered entry into the shard's outbox. The body is the caller's JSON, verbatim; every amount
-- travels beside it as a field, so that no JSON is built here. `__data__` is what FastStream reads.
local function emit(outbox_key, account_key, account, kind, body, fields)
  local seq = redis.call('HINCRBY', account_key, 'seq', 1)
  local epoch = redis.call('HGET', account_key, 'epoch')
  local args = { '__data__', body, 'kind', kind, 'account', account, 'seq', seq, 'epoch', epoch }
  for i = 1, #fields do args[#args + 1] = fields[i] end
  redis.call('XADD', outbox_key, '*', unpack(args))
  return seq
end

-- Says which lots have lapsed; without amounts there is nothing to say.
local function emit_lapsed(outbox_key, account_key, account, lots)
  local gone = {}
  for _, lot in ipairs(lots) do
    if not lot[3] and lot[2] > 0 then gone[#gone + 1] = { lot[1], lot[2] } end
  end
  if #gone > 0 then
    emit(outbox_key, account_key, account, 'lapsed', '{}', { 'amount', 0, 'lapsed', pack(gone) })
  end
end

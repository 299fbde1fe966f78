-- An account is read once, changed in memory, and written once, because a call from Lua costs more
-- than the arithmetic.
local function read_account(key)
  local f = redis.call('HMGET', key, 'avail', 'held', 'open', 'debt', 'floor', 'seq', 'epoch',
    'change_seq', 'state', 'tier', 'basis', 'alerted')
  if not f[1] then return nil end
  return { avail = tonumber(f[1]), held = tonumber(f[2]), open = tonumber(f[3]),
    debt = tonumber(f[4]), floor = tonumber(f[5]), seq = tonumber(f[6]), epoch = f[7],
    change_seq = tonumber(f[8]), state = f[9], tier = f[10], basis = tonumber(f[11] or 0),
    alerted = tonumber(f[12] or 0) }
end

local function write_account(key, a)
  redis.call('HSET', key, 'avail', a.avail, 'held', a.held, 'open', a.open, 'debt', a.debt,
    'seq', a.seq)
end

-- The account if it is loaded and of the shard's epoch; otherwise it is cold.
local function warm_account(key, meta_key)
  local a = read_account(key)
  if a and a.epoch == redis.call('HGET', meta_key, 'epoch') then return a end
end

-- Lots burn in the order of their score: priority × 10^10 + expiry in seconds (9999999999: never).
-- @include packing
local function is_expired(score, now_s)
  return score % 10000000000 <= now_s
end

-- Lots in burn order: { id, remaining, live }.
local function read_lots(lots_key, order_key, now_s)
  local order = redis.call('ZRANGE', order_key, 0, -1, 'WITHSCORES')
  local lots = {}
  for i = 1, #order, 2 do
    local remaining = tonumber(redis.call('HGET', lots_key, order[i]) or '0')
    lots[#lots + 1] = { order[i], remaining, not is_expired(tonumber(order[i + 1]), now_s) }
  end
  return lots
end

local function expired_total(lots)
  local sum = 0
  for _, lot in ipairs(lots) do
    if not lot[3] then sum = sum + lot[2] end
  end
  return sum
end

-- Removes the expired lots; returns whether there were any.
local function drop_expired(lots_key, order_key, lots)
  local dropped = false
  for _, lot in ipairs(lots) do
    if not lot[3] then
      redis.call('HDEL', lots_key, lot[1])
      redis.call('ZREM', order_key, lot[1])
      dropped = true
    end
  end
  return dropped
end

-- Takes up to `amount` from live lots; returns what was taken from each, and the sum.
local function burn(lots_key, lots, amount)
  local parts, taken = {}, 0
  for _, lot in ipairs(lots) do
    local part = math.min(lot[2], amount - taken)
    if lot[3] and part > 0 then
      redis.call('HINCRBY', lots_key, lot[1], -part)
      lot[2] = lot[2] - part
      parts[#parts + 1] = { lot[1], part }
      taken = taken + part
    end
  end
  return parts, taken
end

-- Splits parts at `amount`; returns the parts up to it, in order, and the rest.
local function split(parts, amount)
  local kept, rest = {}, {}
  for _, part in ipairs(parts) do
    local keep = math.min(part[2], amount)
    amount = amount - keep
    if keep > 0 then kept[#kept + 1] = { part[1], keep } end
    if part[2] > keep then rest[#rest + 1] = { part[1], part[2] - keep } end
  end
  return kept, rest
end

local function total(parts)
  local sum = 0
  for _, part in ipairs(parts) do sum = sum + part[2] end
  return sum
end

-- Returns parts to their lots; parts of a lot that has expired meanwhile expire.
local function give_back(lots_key, order_key, parts, now_s)
  local expired, returned = {}, 0
  for _, part in ipairs(parts) do
    local score = redis.call('ZSCORE', order_key, part[1])
    if score and not is_expired(tonumber(score), now_s) then
      redis.call('HINCRBY', lots_key, part[1], part[2])
      returned = returned + part[2]
    else
      expired[#expired + 1] = part
    end
  end
  return returned, expired
end

-- Sliding minute and UTC day. The previous minute counts in proportion to its overlap with the last
-- 60 s, so a limit holds over any 60 s, not only over clock minutes.
-- window = { minute, r0, r1, t0, t1, day, credits }: this minute, the last, and today.
local function read_window(key, now)
  local minute, day = math.floor(now / 60000), math.floor(now / 86400000)
  local f = redis.call('HMGET', key, 'minute', 'r0', 'r1', 't0', 't1', 'day', 'credits')
  local was = tonumber(f[1] or -2)
  local w = { minute = minute, day = day, r0 = 0, r1 = 0, t0 = 0, t1 = 0, credits = 0 }
  w.fresh = was ~= minute
  if was == minute then
    w.r0, w.r1, w.t0, w.t1 = tonumber(f[2]), tonumber(f[3]), tonumber(f[4]), tonumber(f[5])
  elseif was == minute - 1 then
    w.r1, w.t1 = tonumber(f[2]), tonumber(f[4])
  end
  if tonumber(f[6] or -1) == day then w.credits = tonumber(f[7]) end
  return w
end

local function write_window(key, w)
  redis.call('HSET', key, 'minute', w.minute, 'r0', w.r0, 'r1', w.r1, 't0', w.t0, 't1', w.t1,
    'day', w.day, 'credits', w.credits)
  if w.fresh then redis.call('PEXPIRE', key, 172800000) end
end

-- Usage in the last 60 s, rounded up.
local function used(current, last, now)
  return current + math.ceil(last * (60000 - now % 60000) / 60000)
end

-- Milliseconds until `amount` more fit under `limit`, without further requests.
local function wait_ms(current, last, amount, limit, now)
  local spare = limit - amount
  local left = 60000 - now % 60000
  if spare < 0 then return 60000 end
  if last > 0 and current <= spare then
    return math.max(1, math.ceil(left - 60000 * (spare - current) / last))
  end
  if current <= spare then return 1 end
  return left + math.ceil(60000 * (1 - spare / current))
end

-- Replaces the estimated counts of a finished hold with the actual ones.
local function correct_window(key, now, minute, day, requests, tokens, credits)
  local w = read_window(key, now)
  if minute == w.minute then
    w.r0, w.t0 = math.max(0, w.r0 + requests), math.max(0, w.t0 + tokens)
  elseif minute == w.minute - 1 then
    w.r1, w.t1 = math.max(0, w.r1 + requests), math.max(0, w.t1 + tokens)
  end
  if day == w.day then w.credits = math.max(0, w.credits + credits) end
  write_window(key, w)
end

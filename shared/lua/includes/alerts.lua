-- Low-credit alerts: thresholds are percents of the balance after the last grant. Each is told once
-- on the way down, by the script that takes the balance there; the next grant begins anew.
local function crossed(tiers_key, tier, balance, basis)
  local below = {}
  if basis <= 0 then return below end
  for percent in string.gmatch(redis.call('HGET', tiers_key, tier .. ':alerts') or '', '%d+') do
    if balance * 100 <= tonumber(percent) * basis then below[#below + 1] = percent end
  end
  return below
end

local function alert(k, account, avail)
  local f = redis.call('HMGET', k.account, 'basis', 'alerted', 'held', 'tier')
  local basis, alerted = tonumber(f[1] or 0), tonumber(f[2] or 0)
  local below = crossed(k.tiers, f[4], avail + tonumber(f[3]), basis)
  for i = alerted + 1, #below do
    emit(k.outbox, k.account, account, 'alert', '{}', { 'amount', 0, 'threshold', below[i],
      'basis', basis, 'avail', avail })
  end
  if #below > alerted then redis.call('HSET', k.account, 'alerted', #below) end
end

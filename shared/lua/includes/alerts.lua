-- Low-credit alerts: thresholds are percents, 50 at most, of the balance after the last grant. Each
-- is emitted once, by the script that crosses it; a grant resets them.
local function crossed(tiers_key, tier, balance, basis)
  local below = {}
  if basis <= 0 or balance * 2 > basis then return below end
  for percent in string.gmatch(redis.call('HGET', tiers_key, tier .. ':alerts') or '', '%d+') do
    if balance * 100 <= tonumber(percent) * basis then below[#below + 1] = percent end
  end
  return below
end

local function alert(k, a, account)
  local below = crossed(k.tiers, a.tier, a.avail + a.held, a.basis)
  for i = a.alerted + 1, #below do
    emit(k.outbox, a, account, 'alert', '{}', 'amount', 0, 'threshold', below[i],
      'basis', a.basis, 'avail', a.avail)
  end
  if #below > a.alerted then redis.call('HSET', k.account, 'alerted', #below) end
end

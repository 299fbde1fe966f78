-- The lowest tier whose limit of this name allows an amount; '' if none does. -1 is no limit.
local function lowest_tier(tiers_key, limit_name, amount)
  local lowest, found = math.huge, ''
  local fields = redis.call('HGETALL', tiers_key)
  for i = 1, #fields, 2 do
    local tier = string.match(fields[i], '^(.*):' .. limit_name .. '$')
    local limit = tier and tonumber(fields[i + 1])
    if limit and (limit < 0 or limit >= amount) then
      local rank = tonumber(redis.call('HGET', tiers_key, tier .. ':rank'))
      if rank and rank < lowest then lowest, found = rank, tier end
    end
  end
  return found
end

-- An API key may have a cap. What is held and charged under it is a field of its account, updated
-- in the same script as the balance.
local function taken_by(account_key, api_key)
  return tonumber(redis.call('HGET', account_key, 'key:' .. api_key) or 0)
end

local function take_by(account_key, api_key, amount)
  if api_key and api_key ~= '' and amount ~= 0 then
    redis.call('HINCRBY', account_key, 'key:' .. api_key, amount)
  end
end

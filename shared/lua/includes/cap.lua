-- An API key may have a cap of its own. What is held and charged under it is one field of its
-- account, so that it moves with the account's balance, in the same script.
local function taken_by(account_key, api_key)
  return tonumber(redis.call('HGET', account_key, 'key:' .. api_key) or 0)
end

local function take_by(account_key, api_key, amount)
  if api_key and api_key ~= '' and amount ~= 0 then
    redis.call('HINCRBY', account_key, 'key:' .. api_key, amount)
  end
end

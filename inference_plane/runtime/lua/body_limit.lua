--[[
  Whether the account's tier allows a request body of this size. Nothing is written.

  KEYS[1] account    hash
  KEYS[2] tiers      hash     <tier>:rank, body; -1 is no limit
  KEYS[3] meta       hash     epoch of the shard

  ARGV[1] size       bytes

  Returns {outcome, limit, tier}:
    cold       0, ''     -- not in Redis, or of an epoch before a loss
    allowed    bytes that the tier allows, -1 for no limit, ''
    too_large  bytes that the tier allows, the lowest tier that allows this size or ''
]]
-- @include account
local a = warm_account(KEYS[1], KEYS[3])
if not a then return { 'cold', 0, '' } end
local function allows(limit) return limit < 0 or limit >= tonumber(ARGV[1]) end

local limit = tonumber(redis.call('HGET', KEYS[2], a.tier .. ':body') or -1)
if allows(limit) then return { 'allowed', limit, '' } end

local lowest, required = math.huge, ''
local fields = redis.call('HGETALL', KEYS[2])
for i = 1, #fields, 2 do
  local tier = string.match(fields[i], '^(.*):body$')
  if tier and allows(tonumber(fields[i + 1])) then
    local rank = tonumber(redis.call('HGET', KEYS[2], tier .. ':rank'))
    if rank and rank < lowest then lowest, required = rank, tier end
  end
end
return { 'too_large', limit, required }

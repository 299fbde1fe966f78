--[[
  Load an account from PostgreSQL if it is absent or of an earlier epoch. It sets values and never
  adds, so concurrent loads have the effect of one.

  KEYS[1] account    hash
  KEYS[2] lots       hash
  KEYS[3] order      zset
  KEYS[4] tiers      hash     <tier>:alerts
  KEYS[5] meta       hash

  ARGV[1] epoch
  ARGV[2] seq        last number that PostgreSQL has posted in this epoch
  ARGV[3] change_seq
  ARGV[4] debt       micro-credits
  ARGV[5] floor      micro-credits, 0 or below
  ARGV[6] state
  ARGV[7] tier
  ARGV[8] basis      micro-credits: the balance after the last grant; 0 is no alerts
  ARGV[9] lots       their count; triples lot id, remaining, score follow from ARGV[10], and then
                     pairs API key, micro-credits taken under its cap

  Returns {outcome, avail}: fenced (the shard is of another epoch), present, loaded
]]
-- @include emit
-- @include alerts
if redis.call('HGET', KEYS[5], 'epoch') ~= ARGV[1] then return { 'fenced', 0 } end
local present = redis.call('HMGET', KEYS[1], 'epoch', 'avail')
if present[1] and tonumber(present[1]) >= tonumber(ARGV[1]) then
  return { 'present', tonumber(present[2]) }
end
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
local avail = -tonumber(ARGV[4])
for i = 10, 7 + 3 * tonumber(ARGV[9]), 3 do
  redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
  redis.call('ZADD', KEYS[3], ARGV[i + 2], ARGV[i])
  avail = avail + tonumber(ARGV[i + 1])
end
redis.call('HSET', KEYS[1], 'avail', avail, 'held', 0, 'open', 0, 'debt', ARGV[4], 'seq', ARGV[2],
  'epoch', ARGV[1], 'change_seq', ARGV[3], 'floor', ARGV[5], 'state', ARGV[6], 'tier', ARGV[7],
  'basis', ARGV[8],
  -- Alerts for thresholds crossed before loading were emitted then.
  'alerted', #crossed(KEYS[4], ARGV[7], avail, tonumber(ARGV[8])))
for i = 10 + 3 * tonumber(ARGV[9]), #ARGV, 2 do
  redis.call('HSET', KEYS[1], 'key:' .. ARGV[i], ARGV[i + 1])
end
return { 'loaded', avail }

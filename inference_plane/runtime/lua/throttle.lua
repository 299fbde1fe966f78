--[[
  Counts a request that costs nothing against a limit of its own, or refuses it by name.

  KEYS[1] window     hash     requests of this minute and the last
  KEYS[2] account    hash     state; missing while the account is cold

  ARGV[1] limit      requests per minute

  Returns {outcome, number, left, reset_ms}:
    suspended            0
    requests_per_minute  retry after, ms
    counted              0
]]
-- @include clock
-- @include window
local limit, now = tonumber(ARGV[1]), now_ms()
local state = redis.call('HGET', KEYS[2], 'state')
local w = read_window(KEYS[1], now)
local spent, reset = used(w.r0, w.r1, now), 60000 - now % 60000
if state and state ~= 'active' then return { 'suspended', 0, 0, reset } end
if spent + 1 > limit then
  return { 'requests_per_minute', wait_ms(w.r0, w.r1, 1, limit, now), 0, reset }
end
w.r0 = w.r0 + 1
write_window(KEYS[1], w)
return { 'counted', 0, limit - spent - 1, reset }

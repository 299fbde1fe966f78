-- The server's clock, in ms: deadlines and windows do not depend on callers' clocks.
local function now_ms()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

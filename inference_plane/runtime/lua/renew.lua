--[[
  Renews the claim of a request being answered, records what was answered since the last renewal,
  and returns when anybody last read the recording.

  KEYS[1] claim      hash     state, until, last_read
  KEYS[2] replay     stream   the answer so far

  ARGV[1] lease_ms
  ARGV[2] keep_ms    how long the answer is kept
  ARGV[3] state      running, done, released (nothing was charged: the key can be used again)
  ARGV[4] pieces     their count; the pieces follow from ARGV[5]

  Returns {outcome, last_read_ms_ago}: gone, running, done, released; -1 is never
]]
-- @include clock
local now, state = now_ms(), ARGV[3]
if redis.call('EXISTS', KEYS[1]) == 0 then return { 'gone', -1 } end
if state == 'released' then
  redis.call('DEL', KEYS[1], KEYS[2])
  return { 'released', -1 }
end
for i = 5, 4 + tonumber(ARGV[4]) do redis.call('XADD', KEYS[2], '*', 'd', ARGV[i]) end
if state == 'done' then redis.call('XADD', KEYS[2], '*', 'end', '1') end
redis.call('HSET', KEYS[1], 'state', state, 'until', now + tonumber(ARGV[1]))
redis.call('PEXPIRE', KEYS[2], ARGV[2])
local last_read = tonumber(redis.call('HGET', KEYS[1], 'last_read') or -1)
return { state, last_read < 0 and -1 or now - last_read }

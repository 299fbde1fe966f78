--[[
  The lowest tier that allows a request of this size. Nothing is written.

  KEYS[1] tiers      hash     <tier>:rank, and the limit; -1 is no limit

  ARGV[1] limit      its name: tpm, cpd, body
  ARGV[2] size

  Returns the tier, or ''
]]
-- @include tiers
return lowest_tier(KEYS[1], ARGV[1], tonumber(ARGV[2]))

-- `lot=amount;lot=amount`, in burn order. Amounts go through %.0f: Lua's own conversion of a large
-- number to text is not exact.
local function pack(parts)
  local out = {}
  for i, part in ipairs(parts) do
    out[i] = part[1] .. '=' .. string.format('%.0f', part[2])
  end
  return table.concat(out, ';')
end

local function unpack_parts(text)
  local parts = {}
  for lot, amount in string.gmatch(text or '', '([^=;]+)=(%d+)') do
    parts[#parts + 1] = { lot, tonumber(amount) }
  end
  return parts
end

-- needs: rules
-- What grows with time is cut by the hour: `posta:<kind>:<hour>`, each with an expiry of its own, so that no key grows
-- without end and nothing has to be purged. `posta:hours:<kind>` lists the hours there are, for readers.

local function hours_of(kind)
  return 'posta:hours:' .. kind
end

-- To be called behind each write to an hour's key. What makes it a kept one comes last: a step that was refused in
-- between does the rest when it is repeated.
local function keep_hour(kind, hour, kept_ms)
  local name, index = key(kind, int(hour)), hours_of(kind)
  if redis.call('PTTL', name) >= 0 then return end
  local until_at = (hour + 1) * POLICY.countedPerMs + kept_ms
  redis.call('ZADD', index, int(hour), int(hour))
  redis.call('ZREMRANGEBYSCORE', index, '-inf', int(hour - math.ceil(kept_ms / POLICY.countedPerMs) - 1))
  expire(name, until_at)
end

-- The instant in an id, as lib/names/ids.ts writes it.
local function time_of(id)
  local alphabet, value = POLICY.idAlphabet, 0
  local at = string.find(id, '_', 1, true) or 0
  for place = at + 1, at + POLICY.idTimeCharacters do
    local digit = string.find(alphabet, string.sub(id, place, place), 1, true) or 1
    value = value * #alphabet + digit - 1
  end
  return math.floor(value / 4)
end

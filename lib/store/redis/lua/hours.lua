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
  local life_ms = kept_ms + POLICY.countedPerMs
  redis.call('ZADD', index, int(hour), int(hour))
  redis.call('ZREMRANGEBYSCORE', index, '-inf', int(hour - math.ceil(life_ms / POLICY.countedPerMs)))
  redis.call('PEXPIRE', index, int(life_ms))
  redis.call('PEXPIRE', name, int(life_ms))
end

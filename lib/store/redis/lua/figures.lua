-- needs: rules
-- Counters: of all time, and per hour.

local function count(name, now, n)
  local hour = key('stats', int(hour_of(now)))
  redis.call('HINCRBY', key('stats', 'total'), name, int(n or 1))
  redis.call('HINCRBY', hour, name, int(n or 1))
  redis.call('PEXPIRE', hour, int(POLICY.statsMs))
end

-- A provider is now known to have taken the row: once per row.
local function count_sent(row, provider, now)
  local ms = math.max(0, now - row.firstDueAt)
  count('sent', now)
  count('priority:' .. row.priority, now)
  count('channel:' .. row.channel, now)
  count('provider:' .. provider, now)
  count('bucket:' .. int(bucket_of(ms)), now)
  count('ms', now, ms)
end

-- needs: rules
-- Counters of an hour. Those of all time are kept by the sweeper, which adds up the hours that are over: see due.lua.

local counted = {}

-- Counted once the rows are stored: a figure that is refused fails no step.
local function count(name, now, n)
  local hour = hour_of(now)
  counted[#counted + 1] = {
    key('stats', int(hour)), name, int(n or 1), int((hour + 1) * POLICY.countedPerMs + POLICY.statsMs),
  }
end

-- A provider is now known to have taken the row: once per row.
local function count_sent(row, provider, now)
  local ms = math.max(0, now - row.firstDueAt)
  count(table.concat({ 'sent', int(bucket_of(ms)), row.priority, row.channel, provider }, ' '), now)
  count('ms', now, ms)
end

local function store_figures()
  for _, one in ipairs(counted) do
    -- The first counter of an hour gives it its end.
    if try_call('HINCRBY', one[1], one[2], one[3]) == tonumber(one[3]) then
      if redis.call('PTTL', one[1]) < 0 then try_call('PEXPIREAT', one[1], one[4]) end
    end
  end
  counted = {}
end

local function add_figures(sums, name)
  local flat = redis.call('HGETALL', name)
  for at = 1, #flat, 2 do sums[flat[at]] = (sums[flat[at]] or 0) + tonumber(flat[at + 1]) end
  return sums
end

-- The last hour that is in the totals; before there are any, the one before the oldest that is kept.
local function totals_until(now)
  local found = redis.call('HGET', key('stats', 'total'), 'until')
  return found and tonumber(found) or hour_of(now - POLICY.statsMs)
end

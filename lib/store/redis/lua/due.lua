-- needs: behind, figures, answers, rules
-- Step: what the sweeper has to do. request = { horizonMs, max, now }

-- Lets go of what is too old for the feed, but for its newest entry: readers measure themselves by that.
local function trim_feed(now)
  local newest = redis.call('XREVRANGE', 'posta:events', '+', '-', 'COUNT', 1)[1]
  if not newest then return end
  local oldest_seq = math.min(tonumber(string.match(newest[1], '^%d+')), (now - POLICY.eventMs) * POLICY.placesPerMs)
  redis.call('XTRIM', 'posta:events', 'MINID', int(oldest_seq))
end

-- Adds the counters of hours that are over to those of all time, in one write. `until` is the last hour in there; the one
-- before this is left out, for clocks that are behind.
local function add_up(now)
  local until_hour, last = totals_until(now), hour_of(now) - 2
  if until_hour >= last then return end
  local sums = {}
  for hour = until_hour + 1, last do add_figures(sums, key('stats', int(hour))) end
  add_figures(sums, key('stats', 'total'))
  sums['until'] = last
  local flat = {}
  for name, n in pairs(sums) do
    flat[#flat + 1] = name
    flat[#flat + 1] = int(n)
  end
  redis.call('HSET', key('stats', 'total'), unpack(flat))
end

-- Due rows of each priority: how many, and since when the first.
local function due_rows(now)
  local due = {}
  for rank, priority in ipairs(POLICY.priorities) do
    local n = redis.call('ZCOUNT', key('live', priority), '-inf', int(now))
    local oldest = n > 0 and redis.call('ZRANGE', key('live', priority), 0, 0, 'WITHSCORES')[2]
    due[rank] = { n = n, oldest = oldest and tonumber(oldest) or nil }
  end
  return due
end

-- Rows of lower priority that are under lease: at least so many, as far as one look at the index tells.
local function working_on(now)
  local working = 0
  for rank = 2, #POLICY.priorities do
    local name = key('live', POLICY.priorities[rank])
    local last = int(now + POLICY.leaseMs)
    local ids = redis.call('ZREVRANGEBYSCORE', name, last, '(' .. int(now), 'LIMIT', 0, 2 * POLICY.claimMax)
    for _, id in ipairs(ids) do
      local row = message(id)
      if row and row.status == 'sending' then working = working + 1 end
    end
  end
  return working
end

local before = told()
if before then return before end
local now = clock(request.now)
add_up(now)
trim_feed(now)
go_on_behind('due ' .. ARGV[2], now, request.max)
store(now)
local due, lower = due_rows(now), 0
for rank = 2, #due do lower = lower + due[rank].n end
local overdue = untaken_of(due, lower > 0 and working_on(now) or 0, now)
local answer = { overdue = math.min(overdue, request.max), upcoming = {}, lagMs = 0 }
local horizon = now + math.min(request.horizonMs, POLICY.armHorizonMs)
local unarmed =
  redis.call('ZRANGEBYSCORE', 'posta:unarmed', '(' .. int(now), int(horizon), 'LIMIT', 0, int(request.max))
for _, id in ipairs(unarmed) do
  local row = message(id)
  if row and row.status == 'queued' then table.insert(answer.upcoming, waiting(row)) end
end
-- Naming a row arms it, so a lost answer must be told again; an idle turn notes that there was one, nothing else.
local text = #answer.upcoming > 0 and tell(answer, now) or cjson.encode(answer)
if request.horizonMs > 0 then try_call('SET', 'posta:swept', int(now)) end
for _, id in ipairs(unarmed) do try_call('ZREM', 'posta:unarmed', id) end
return text

-- needs: rows, answers
-- Step: what the sweeper has to do. request = { horizonMs, max, now }

-- Removes what has outlived its retention, with its places in the indexes.
local function purge(max, now)
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', 'posta:ending', '-inf', int(now), 'LIMIT', 0, int(max))) do
    local kind, id, recipient = string.match(member, '^(%S+) (%S+) ?(.*)$')
    redis.call('ZREM', 'posta:ending', member)
    redis.call('DEL', key(kind, id))
    if kind == 'challenge' then redis.call('DEL', key('sends', id)) end
    if kind == 'message' then
      redis.call('DEL', key('payload', id), key('attempts', id), key('history', id), key('after', id))
      redis.call('ZREM', 'posta:messages', id)
      redis.call('ZREM', 'posta:dead', id)
      redis.call('ZREM', key('recipient', recipient), id)
    end
  end
end

-- Lets go of what is too old for the feed, but for its newest entry: readers measure themselves by that.
local function trim_feed(now)
  local newest = redis.call('XREVRANGE', 'posta:events', '+', '-', 'COUNT', 1)[1]
  if not newest then return end
  local oldest_seq = math.min(tonumber(string.match(newest[1], '^%d+')), (now - POLICY.eventMs) * POLICY.placesPerMs)
  redis.call('XTRIM', 'posta:events', 'MINID', int(oldest_seq))
end

local before = told()
if before then return before end
local now = clock(request.now)
purge(request.max, now)
trim_feed(now)
local overdue = 0
for _, priority in ipairs(POLICY.priorities) do
  overdue = overdue + redis.call('ZCOUNT', key('live', priority), '-inf', int(now))
end
local answer = { overdue = math.min(overdue, request.max), upcoming = {}, lagMs = 0 }
local horizon = now + math.min(request.horizonMs, POLICY.armHorizonMs)
local unarmed =
  redis.call('ZRANGEBYSCORE', 'posta:unarmed', '(' .. int(now), int(horizon), 'LIMIT', 0, int(request.max))
for _, id in ipairs(unarmed) do
  local row = message(id)
  redis.call('ZREM', 'posta:unarmed', id)
  if row and row.status == 'queued' then table.insert(answer.upcoming, waiting(row)) end
end
-- Naming a row arms it, so a lost answer must be told again; an idle turn writes nothing.
if #answer.upcoming > 0 then return tell(answer) end
return cjson.encode(answer)

-- needs: challenges, hours, rules
-- Message rows, one value each, attempts and history inside: read once a script, changed in memory, stored by `store_rows`.

local DEFAULTS = { lost = 0, attempt = 0, replays = 0, generation = 0, ambiguous = 0, plan = '' }
-- What a row that has ended is still asked for: it is folded to these values, in this order. Dead ones may live again and
-- keep everything.
local RECORD = {
  'status', 'channel', 'template', 'class', 'priority', 'challengeId', 'createdAt', 'dueAt', 'expiresAt', 'endedAt',
  'firstDueAt', 'attempt', 'replays', 'generation', 'ambiguous', 'attempts', 'events', 'seen', 'after', 'later', 'listed',
  'lastToken', 'lastAttempt', 'lastAnswer', 'leaseToken', 'leaseUntil', 'intent', 'instead', 'told',
  'toldTo', 'owner', 'facts', 'about', 'event', 'refused',
}

local ATTEMPT = { 'provider', 'at', 'outcome', 'code', 'durationMs', 'providerId' }
local EVENT = { 'seq', 'at', 'type', 'provider' }

-- Values of a table in the order of their fields; `false` where there is none, so that no end is cut off.
local function fold(value, fields)
  local folded = {}
  for place, field in ipairs(fields) do
    folded[place] = value[field] or false
  end
  return folded
end

local function unfold(folded, fields)
  local value = {}
  for place, field in ipairs(fields) do value[field] = folded[place] or nil end
  return value
end

local function each(list, work, fields)
  if not list then return nil end
  local done = {}
  for place, one in ipairs(list) do done[place] = work(one, fields) end
  return done
end

-- A row as it is stored, and back.
local function row_of(stored_row)
  local row = stored_row
  if row[1] then
    row = unfold(row, RECORD)
    row.attempts, row.events = each(row.attempts, unfold, ATTEMPT), each(row.events, unfold, EVENT)
  end
  for field, value in pairs(DEFAULTS) do
    if row[field] == nil then row[field] = value end
  end
  return row
end

local function stored_of(row)
  local value = {}
  for field, inner in pairs(row) do
    if inner ~= DEFAULTS[field] then value[field] = inner end
  end
  value.id, value.unlisted = nil, nil
  if not row.endedAt or is_dead(row.status) then return value end
  value.attempts, value.events = each(row.attempts, fold, ATTEMPT), each(row.events, fold, EVENT)
  local folded = fold(value, RECORD)
  while folded[#folded] == false do table.remove(folded) end
  return folded
end

-- One table per row and script, so that every part of a step sees what the others changed; and what is stored of it.
local rows, stored = {}, {}
-- Rows that this script changed, in that order, and those whose wake the sweeper has to ask for.
local changed, arming = {}, {}

local function message(id)
  if rows[id] == nil then
    local found = read(key('message', id))
    local row = found and row_of(found) or false
    rows[id] = row
    if row then
      row.id = id
      stored[id] = { wakeAt = row.wakeAt, unarmed = row.unarmed, dead = is_dead(row.status), behind = row.behind }
    end
  end
  return rows[id] or nil
end

local function change(row, changes)
  merge(row, changes)
  rows[row.id] = row
  if not has(changed, row) then changed[#changed + 1] = row end
end

local function waiting(row)
  return { id = row.id, generation = row.generation, dueAt = row.dueAt }
end

-- Ids in a text, one blank between them.
local function ids_in(text)
  local ids = {}
  for id in string.gmatch(text or '', '%S+') do ids[#ids + 1] = id end
  return ids
end

local sealed_now = {}

local function sealed_of(id)
  return sealed_now[id] or redis.call('GET', key('payload', id))
end

local CLAIMED = {
  'id', 'challengeId', 'channel', 'template', 'class', 'priority', 'providers', 'intent', 'lost', 'leaseToken', 'leaseUntil',
  'attempt', 'replays', 'generation', 'plan', 'ambiguous', 'createdAt', 'expiresAt', 'startBy', 'giveUpAt', 'about',
  'event',
}

-- A row with its payload, as a worker gets it.
local function claimed(row)
  local told = {}
  for _, field in ipairs(CLAIMED) do told[field] = row[field] end
  return { row = told, sealed = sealed_of(row.id) or '' }
end

-- The whole record of a row.
local function record(row)
  return { row = row, sealed = sealed_of(row.id) or NULL }
end

-- When a row's payload goes; a dead one may be sent again for longer.
local function payload_until(row)
  return row.endedAt + (has(STATES.keptLonger, row.status) and POLICY.deadPayloadMs or POLICY.payloadMs)
end

local feed_last, feed = nil, {}

-- The next seq of the feed: behind its last entry, and no earlier than the clock, so that a feed that was lost goes on
-- where it was and never back.
local function next_seq(now)
  if not feed_last then
    local newest = redis.call('XREVRANGE', 'posta:events', '+', '-', 'COUNT', 1)[1]
    feed_last = newest and tonumber(string.match(newest[1], '^%d+')) or 0
  end
  feed_last = math.max(feed_last + 1, now * POLICY.placesPerMs)
  return int(feed_last)
end

-- Puts what happened into a row's history and, with the row, on the feed. `event_id` is the provider's own name of what it
-- reported: it is noted only once.
local function add_event(row, what, provider, at, event_id)
  local seq = next_seq(at)
  row.events = row.events or {}
  table.insert(row.events, { seq = seq, at = at, type = what, provider = provider })
  if event_id then
    row.seen = row.seen or {}
    table.insert(row.seen, event_id)
    if #row.seen > POLICY.historyMax then table.remove(row.seen, 1) end
  end
  if #row.events > POLICY.historyMax then table.remove(row.events, 2) end
  feed[#feed + 1] = { seq, int(at), row.id, what, provider or '' }
  change(row, {})
end

-- Where readers of all messages find a row: under the hour of its id, or of its end when that hour's key may go before it.
local function listed_hour(row)
  return row.listed or hour_of(time_of(row.id))
end

-- Lists a row there and with its recipient's; answers how many of the two did not know it.
local function list_row(row, hour)
  local added = redis.call('ZADD', key('messages', int(hour)), 0, row.id)
  keep_hour('messages', hour, POLICY.listedMs)
  -- Folded rows have forgotten theirs.
  if not row.recipient then return added end
  local period = math.floor(hour * POLICY.countedPerMs / POLICY.recipientPeriodMs)
  local name = key('recipient', row.recipient .. ':' .. int(period))
  added = added + redis.call('ZADD', name, 0, row.id)
  if redis.call('PTTL', name) < 0 then
    expire(name, (period + 1) * POLICY.recipientPeriodMs + POLICY.listedMs)
  end
  return added
end

local function list_dead(row)
  local hour = listed_hour(row)
  local added = redis.call('ZADD', key('dead', int(hour)), 0, row.id)
  expire(key('dead', int(hour)), row.endedAt + POLICY.recordMs)
  redis.call('ZADD', hours_of('dead'), int(hour), int(hour))
  return added
end

local function rank_of_priority(priority)
  for rank, one in ipairs(POLICY.priorities) do
    if one == priority then return rank end
  end
end

-- What indexes gain by a change of a row, and its payload's end.
local function index_row(row, was, now)
  if row.wakeAt and row.wakeAt ~= was.wakeAt then redis.call('ZADD', key('live', row.priority), int(row.wakeAt), row.id) end
  if row.behind and row.behind ~= was.behind then
    redis.call('ZADD', key('behind', row.behind), rank_of_priority(row.priority), row.id)
  end
  if row.unarmed and arming[row.id] then redis.call('ZADD', 'posta:unarmed', int(row.dueAt), row.id) end
  if not stored[row.id] then list_row(row, listed_hour(row)) end
  if not row.endedAt then
    if was.dead then redis.call('PERSIST', key('payload', row.id)) end
    return
  end
  if row.recipient and (listed_hour(row) + 1) * POLICY.countedPerMs + POLICY.listedMs < row.endedAt + POLICY.recordMs then
    row.unlisted, row.listed = listed_hour(row), hour_of(now)
    list_row(row, row.listed)
  end
  if is_dead(row.status) and not was.dead then list_dead(row) end
  local ends, lifted = was.wakeAt or not stored[row.id], was.dead and not is_dead(row.status)
  if ends or lifted then
    local until_at = payload_until(row)
    if lifted then until_at = math.min(row.endedAt + POLICY.deadPayloadMs, now + POLICY.payloadMs) end
    expire(key('payload', row.id), until_at)
  end
end

local function store_row(row)
  write(key('message', row.id), stored_of(row), row.endedAt and row.endedAt + POLICY.recordMs)
end

-- What indexes lose by it: a reader steps over a row that is not what the index says.
local function unindex_row(row, was)
  if was.wakeAt and not row.wakeAt then try_call('ZREM', key('live', row.priority), row.id) end
  if was.behind and was.behind ~= row.behind then try_call('ZREM', key('behind', was.behind), row.id) end
  if was.unarmed and not row.unarmed then try_call('ZREM', 'posta:unarmed', row.id) end
  if was.dead and not is_dead(row.status) then try_call('ZREM', key('dead', int(listed_hour(row))), row.id) end
  if row.unlisted then try_call('ZREM', key('messages', int(row.unlisted)), row.id) end
end

-- Stores every row that was changed, a step's own row last: that one tells a repeat that all of it is done.
local function store_rows(now, own)
  if own then
    for at, row in ipairs(changed) do
      if row == own then table.insert(changed, table.remove(changed, at)) break end
    end
  end
  for _, row in ipairs(changed) do index_row(row, stored[row.id] or {}, now) end
  for _, row in ipairs(changed) do store_row(row) end
  for _, row in ipairs(changed) do
    unindex_row(row, stored[row.id] or {})
    stored[row.id] = { wakeAt = row.wakeAt, unarmed = row.unarmed, dead = is_dead(row.status), behind = row.behind }
    arming[row.id], row.unlisted = nil, nil
  end
  for _, one in ipairs(feed) do
    try_call(
      'XADD', 'posta:events', 'MAXLEN', '~', int(POLICY.eventsMax), one[1] .. '-0',
      'at', one[2], 'message', one[3], 'type', one[4], 'provider', one[5]
    )
  end
  changed, feed = {}, {}
end

-- needs: nothing
-- Message rows: read once a script, written through; their events.

local NUMBERS = {
  'dueAt', 'wakeAt', 'startBy', 'expiresAt', 'giveUpAt', 'createdAt', 'firstDueAt', 'endedAt', 'leaseUntil', 'lost',
  'attempt', 'replays', 'generation', 'ambiguous', 'doubted', 'lastAttempt', 'purgeAt', 'payloadUntil',
}

-- One table per row and script, so that every part of a step sees what the others changed.
local rows = {}

local function message(id)
  if rows[id] == nil then rows[id] = read_hash(key('message', id), NUMBERS) end
  return rows[id]
end

local function change(row, changes)
  write_hash(key('message', row.id), row, changes)
end

local function waiting(row)
  return { id = row.id, generation = row.generation, dueAt = row.dueAt }
end

-- Members of a ZSET of ids, all scored 0: in the order of the ids.
local function ids_in(name)
  return redis.call('ZRANGE', name, 0, -1)
end

-- A row with its payload, as a worker gets it.
local function claimed(row)
  return { row = row, sealed = redis.call('GET', key('payload', row.id)) or '' }
end

-- The whole record of a row.
local function record(row)
  local history = redis.call('HGETALL', key('history', row.id))
  local events = {}
  for at = 1, #history, 2 do
    if string.sub(history[at], 1, 5) ~= 'seen:' then events[#events + 1] = { history[at], history[at + 1] } end
  end
  return {
    row = row,
    sealed = redis.call('GET', key('payload', row.id)) or NULL,
    attempts = redis.call('LRANGE', key('attempts', row.id), 0, -1),
    events = events,
  }
end

local feed_last

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

-- `event_id` is the provider's own name of what it reported: it is noted only once.
local function add_event(id, what, provider, at, event_id)
  local seq = next_seq(at)
  local history = key('history', id)
  local fields = { 'at', int(at), 'message', id, 'type', what }
  if provider then
    fields[7], fields[8] = 'provider', provider
  end
  redis.call('XADD', 'posta:events', 'MAXLEN', '~', int(POLICY.eventsMax), seq .. '-0', unpack(fields))
  redis.call('HSET', history, seq, cjson.encode({ at = at, type = what, provider = provider or NULL }))
  if event_id then redis.call('HSET', history, 'seen:' .. event_id, seq) end
end

-- needs: rows, rules
-- Step: a page of records, newest first. request = ListFilter and walkMax. Ids sort by time, and so do the keys they are
-- in: an hour's for all messages and for dead ones, those of a longer period for one recipient.

local f = request
local kind = f.dead and 'dead' or 'messages'
local link = f.reference and 'reference:' .. f.reference or f.person and 'person:' .. f.person

-- True when nothing is asked of the attempts, or one of them has it.
local function tried(row, field, wanted)
  if not wanted then return true end
  for _, attempt in ipairs(row.attempts or {}) do
    if attempt[field] == wanted then return true end
  end
  return false
end

local function passes(row)
  for _, field in ipairs({ 'status', 'template', 'priority', 'channel', 'owner' }) do
    if f[field] and f[field] ~= row[field] then return false end
  end
  if link and f.recipient then
    local period = math.floor(listed_hour(row) * POLICY.countedPerMs / POLICY.recipientPeriodMs)
    if not redis.call('ZSCORE', key('recipient', f.recipient .. ':' .. int(period)), row.id) then return false end
  end
  if f['until'] and row.createdAt >= f['until'] then return false end
  if not tried(row, 'provider', f.provider) or not tried(row, 'code', f.code) then return false end
  return not f.dead or is_dead(row.status)
end

-- The hour under which the last row of the page before is listed.
local function cursor_hour()
  local row = message(f.cursor)
  return row and listed_hour(row) or hour_of(time_of(f.cursor))
end

-- The keys to be walked, newest first, each with the hour or period that it is of.
local function parts()
  if link then return { { key('link', link), math.huge } } end
  local from = f.cursor and int(cursor_hour()) or f['until'] and int(hour_of(f['until'])) or '+inf'
  if not f.recipient then
    local hours = redis.call('ZREVRANGEBYSCORE', hours_of(kind), from, '-inf')
    for at, hour in ipairs(hours) do hours[at] = { key(kind, hour), tonumber(hour) } end
    return hours
  end
  local newest = f.cursor and from or redis.call('ZREVRANGE', hours_of('messages'), 0, 0)[1]
  if not newest then return {} end
  local hours_each = POLICY.recipientPeriodMs / POLICY.countedPerMs
  local first, found = math.floor(tonumber(newest) / hours_each), {}
  for back = 0, math.ceil(POLICY.listedMs / POLICY.recipientPeriodMs) + 1 do
    found[back + 1] = { key('recipient', f.recipient .. ':' .. int(first - back)), (first - back + 1) * hours_each - 1 }
  end
  return found
end

local answer, walked, more, last = { records = {} }, 0, false, nil

-- Walks one key; true when the page is full or nothing older is asked for.
local function walk(name, from)
  local ids = redis.call('ZREVRANGEBYLEX', name, from, '-', 'LIMIT', 0, int(f.walkMax - walked))
  for _, id in ipairs(ids) do
    local row = message(id)
    walked, last = walked + 1, id
    if not row then
      try_call('ZREM', name, id)
    elseif f.since and row.createdAt < f.since then
      -- A row that was listed anew may be older than those of the hours before.
      if not row.listed then return true end
    elseif passes(row) then
      table.insert(answer.records, record(row))
      more = #answer.records == f.limit
      if more then return true end
    end
  end
  more = walked == f.walkMax
  return more
end

for at, part in ipairs(parts()) do
  if f.since and part[2] < hour_of(f.since) then break end
  if walk(part[1], at == 1 and f.cursor and '(' .. f.cursor or '+') then break end
end
answer.cursor = more and last or NULL
return cjson.encode(answer)

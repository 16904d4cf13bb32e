-- needs: lease, answers
-- Step: leasing rows. request = { ids? (absent = whatever is due), max, lease = { token, leaseMs }, now }

local function due_of(priority, max, now)
  return redis.call('ZRANGEBYSCORE', key('live', priority), '-inf', int(now), 'LIMIT', 0, int(max))
end

-- Of max >= 3 places, max(1, max/10) go to the oldest due medium and low each; the rest strictly by priority.
local function due_ids(max, now)
  local kept = max >= 3 and math.max(1, math.floor(max / 10)) or 0
  local flat, reserved, chosen = {}, {}, {}
  local places = max
  for _, priority in ipairs({ 'high', 'medium', 'low' }) do
    for at, id in ipairs(due_of(priority, max, now)) do
      flat[#flat + 1] = id
      if priority ~= 'high' and at <= kept then
        reserved[id] = true
        places = places - 1
      end
    end
  end
  for _, id in ipairs(flat) do
    if reserved[id] then
      chosen[#chosen + 1] = id
    elseif places > 0 then
      chosen[#chosen + 1] = id
      places = places - 1
    end
  end
  return chosen
end

-- Rows under this very lease: the answer to a call that was made before.
local function held_by(token, now)
  local found = {}
  local ids = redis.call('SMEMBERS', key('lease', token))
  table.sort(ids)
  for _, id in ipairs(ids) do
    local row = message(id)
    if row and row.status == 'sending' and row.leaseToken == token and row.leaseUntil > now then
      found[#found + 1] = claimed(row)
    end
  end
  return found
end

-- A row for which this claim had no place: its caller wakes it again.
local function left(row)
  return { id = row.id, why = 'later', generation = row.generation, dueAt = row.wakeAt }
end

local now = clock(request.now)
local lease = lease_of(request.lease, now)
local before = told()
local claims = { claimed = held_by(lease.token, now), unclaimed = before and cjson.decode(before) or {} }
if before or #claims.claimed > 0 then return cjson.encode(claims) end

for _, id in ipairs(request.ids or due_ids(request.max, now)) do
  local row, why
  if #claims.claimed < request.max then
    row, why = claim_one(id, lease, now)
  else
    why = obstacle(id, now) or left(message(id))
  end
  if row then
    table.insert(claims.claimed, claimed(row))
  elseif why.why == 'missing' and not request.ids then
    for _, priority in ipairs({ 'high', 'medium', 'low' }) do redis.call('ZREM', key('live', priority), id) end
  else
    table.insert(claims.unclaimed, why)
  end
end
if #claims.unclaimed > 0 then tell(claims.unclaimed) end
return cjson.encode(claims)

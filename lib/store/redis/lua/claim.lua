-- needs: lease, answers, rules
-- Step: leasing rows. request = { ids? (absent = whatever is due), max, lease = { token, leaseMs }, now }

local function due_of(priority, max, now)
  return redis.call('ZRANGEBYSCORE', key('live', priority), '-inf', int(now), 'LIMIT', 0, int(max))
end

local function due_ids(max, now)
  local due = {}
  for at, priority in ipairs(POLICY.priorities) do due[at] = due_of(priority, max, now) end
  return fair_share(due, max)
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
    for _, priority in ipairs(POLICY.priorities) do redis.call('ZREM', key('live', priority), id) end
  else
    table.insert(claims.unclaimed, why)
  end
end
if #claims.unclaimed > 0 then tell(claims.unclaimed) end
return cjson.encode(claims)

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
  for _, id in ipairs(ids_in(redis.call('GET', key('lease', token)))) do
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

local taken = {}
for _, id in ipairs(request.ids or due_ids(request.max, now)) do
  local row, why
  if #taken < request.max then
    row, why = claim_one(id, lease, now)
  else
    why = obstacle(id, now) or left(message(id))
  end
  if row then
    taken[#taken + 1] = id
    table.insert(claims.claimed, claimed(row))
  elseif not request.ids and (why.why == 'missing' or why.why == 'ended') then
    if message(id) and has(changed, message(id)) then
      table.insert(claims.unclaimed, why)
    else
      -- What an index says beyond its row is no more than a hint.
      for _, priority in ipairs(POLICY.priorities) do try_call('ZREM', key('live', priority), id) end
    end
  else
    table.insert(claims.unclaimed, why)
  end
end
if #taken > 0 then
  table.sort(taken)
  write_text(key('lease', lease.token), table.concat(taken, ' '), lease.untilAt + POLICY.answerMs)
end
if #claims.unclaimed > 0 then tell(claims.unclaimed, now) end
store(now)
return cjson.encode(claims)

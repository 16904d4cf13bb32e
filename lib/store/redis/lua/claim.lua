-- needs: lease, answers, rules
-- Step: leasing rows. request = { ids?, due?, max, lease = { token, leaseMs }, now }: the rows that are named, then
-- whatever is due.

-- Due rows of one priority that this step has not met, oldest first.
local seen, met = {}, 0

local function due_of(priority, max, now)
  local found = {}
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', key('live', priority), '-inf', int(now), 'LIMIT', 0, int(max + met))) do
    if not seen[id] and #found < max then found[#found + 1] = id end
  end
  return found
end

local function due_ids(max, now)
  local due = {}
  for at, priority in ipairs(POLICY.priorities) do due[at] = due_of(priority, max, now) end
  return fair_share(due, max)
end

-- The first due row that this step has not met.
local function next_due(now)
  for _, priority in ipairs(POLICY.priorities) do
    local row = message(due_of(priority, 1, now)[1] or '')
    if row then return waiting(row) end
  end
  return nil
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
local taken = {}

-- Rows that are not claimed, of those that were named all, of those that are due the ones that are open.
local function leave(id, why, is_named)
  if is_named or (why.why ~= 'missing' and why.why ~= 'ended') or (message(id) and has(changed, message(id))) then
    table.insert(claims.unclaimed, why)
  else
    -- What an index says beyond its row is no more than a hint.
    for _, priority in ipairs(POLICY.priorities) do try_call('ZREM', key('live', priority), id) end
  end
end

local function take_all(ids, is_named)
  for _, id in ipairs(ids) do
    if not seen[id] then seen[id], met = true, met + 1 end
    local row, why
    if #taken < request.max then
      row, why = claim_one(id, lease, now)
    else
      why = obstacle(id, now) or left(message(id))
    end
    if row then
      taken[#taken + 1] = id
      table.insert(claims.claimed, claimed(row))
    else
      leave(id, why, is_named)
    end
  end
end

if not before and #claims.claimed == 0 then
  take_all(request.ids or {}, true)
  -- Rows put behind a breaker take no place: one claim deals with many of them.
  while request.due and #taken < request.max and met < POLICY.claimWalkMax do
    local ids = due_ids(request.max - #taken, now)
    if #ids == 0 then break end
    take_all(ids, false)
  end
  if #taken > 0 then
    table.sort(taken)
    write_text(key('lease', lease.token), table.concat(taken, ' '), lease.untilAt + POLICY.answerMs)
  end
  if #claims.unclaimed > 0 then tell(claims.unclaimed, now) end
end
if request.due then claims.next = next_due(now) end
store(now)
return cjson.encode(claims)

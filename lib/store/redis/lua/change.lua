-- needs: rows, figures, limits, rules
-- The few ways a message row changes; every step is composed of these, so each consequence is written once.

-- A row that leaves its lease leaves the lease's set.
local function let_go(row)
  if row.leaseToken then redis.call('SREM', key('lease', row.leaseToken), row.id) end
end

-- Due within the horizon, a row's wake is the caller's duty; later ones are the sweeper's.
local function arm(row, now)
  if row.dueAt - now <= POLICY.armHorizonMs then
    redis.call('ZREM', 'posta:unarmed', row.id)
  else
    redis.call('ZADD', 'posta:unarmed', int(row.dueAt), row.id)
  end
end

-- The one way in which a row's status changes. What would break the state machine stops the step, which must not have
-- written anything by then: Redis takes nothing back.
local function move(row, status, changes)
  must_follow(row.status, status)
  if changes.leaseToken ~= nil then let_go(row) end
  changes.status = status
  change(row, changes)
end

-- A queued row that nobody holds.
local function queue(row, due_at, now, candidates)
  move(row, 'queued', {
    dueAt = due_at,
    wakeAt = due_at,
    generation = row.generation + 1,
    candidates = candidates or row.candidates,
    leaseToken = false,
    leaseUntil = false,
    intent = false,
    lost = 0,
  })
  redis.call('ZADD', key('live', row.priority), int(due_at), row.id)
  arm(row, now)
  return waiting(row)
end

-- Puts a row under lease with its intent written: from here on, its provider may have been called.
local function hold(row, intent, lease)
  local name = key('lease', lease.token)
  move(row, 'sending', {
    intent = intent,
    leaseToken = lease.token,
    leaseUntil = lease.untilAt,
    wakeAt = lease.untilAt,
  })
  redis.call('ZADD', key('live', row.priority), int(lease.untilAt), row.id)
  redis.call('ZREM', 'posta:unarmed', row.id)
  redis.call('SADD', name, row.id)
  redis.call('PEXPIRE', name, int(lease.leaseMs + POLICY.answerMs))
end

-- Starts the retention of an ended row's keys, and notes it for the sweeper, which also clears the indexes.
-- Called again when something is added to an ended row.
local function collect(row, now)
  local until_at = {
    message = row.purgeAt,
    attempts = row.purgeAt,
    after = row.purgeAt,
    payload = row.payloadUntil,
    history = now + POLICY.eventMs,
  }
  for kind, at in pairs(until_at) do redis.call('PEXPIRE', key(kind, row.id), int(math.max(1, at - now))) end
  redis.call('PEXPIRE', key('slot', row.slot), int(POLICY.recordMs))
  redis.call(
    'ZADD', 'posta:ending',
    int(until_at.message), 'message ' .. row.id .. ' ' .. row.recipient,
    int(until_at.payload), 'payload ' .. row.id,
    int(until_at.history), 'history ' .. row.id
  )
end

-- A row that lives again.
local function keep(row)
  for _, kind in ipairs({ 'message', 'attempts', 'after', 'history', 'payload' }) do
    redis.call('PERSIST', key(kind, row.id))
  end
  redis.call('PERSIST', key('slot', row.slot))
  redis.call(
    'ZREM', 'posta:ending',
    'message ' .. row.id .. ' ' .. row.recipient, 'payload ' .. row.id, 'history ' .. row.id
  )
  redis.call('ZREM', 'posta:dead', row.id)
end

-- True when a row of the same send is open or was taken: its place in the limits is used.
local function slot_used(slot)
  for _, id in ipairs(redis.call('SMEMBERS', key('slot', slot))) do
    local row = message(id)
    if row and (not row.endedAt or maybe_taken(row.status)) then return true end
  end
  return false
end

local cancel_after

-- Ends a row: status, retention; a send nobody took gives its places back, an accepted row cancels its fallbacks.
local function end_as(row, status, now)
  local dead = is_dead(status)
  move(row, status, {
    endedAt = now,
    wakeAt = false,
    leaseToken = false,
    leaseUntil = false,
    intent = false,
    lost = 0,
    purgeAt = now + POLICY.recordMs,
    payloadUntil = now + (dead and POLICY.deadPayloadMs or POLICY.payloadMs),
  })
  redis.call('ZREM', key('live', row.priority), row.id)
  redis.call('ZREM', 'posta:unarmed', row.id)
  collect(row, now)
  if dead then
    redis.call('ZADD', 'posta:dead', 0, row.id)
    count('failed', now)
  end
  if has_arrived(status) then cancel_after(row.id, now) end
  if not maybe_taken(status) and not slot_used(row.slot) then give_back(decode(row.slotSeries), row.slot) end
end

-- The same, told on the timeline.
local function finish(row, status, provider, now)
  must_follow(row.status, status)
  add_event(row.id, status, provider, now)
  end_as(row, status, now)
end

-- A provider took the row: the stages that wait for it, and whatever waits for those, are not needed any more.
function cancel_after(id, now)
  for _, later_id in ipairs(ids_in(key('after', id))) do
    local later = message(later_id)
    if later and later.status == 'queued' and later.ambiguous == 0 then finish(later, 'cancelled', nil, now) end
    cancel_after(later_id, now)
  end
end

-- An end that was not the truth becomes it: retention and later stages follow.
local function lift(row, status, now)
  move(row, status, { payloadUntil = math.min(row.payloadUntil, now + POLICY.payloadMs) })
  collect(row, now)
  redis.call('ZREM', 'posta:dead', row.id)
  if has_arrived(status) then cancel_after(row.id, now) end
end

-- One full round of the earlier stage was refused: what waited for it, untried, is due now.
local function release_after(id, now)
  local released = {}
  for _, later_id in ipairs(ids_in(key('after', id))) do
    local later = message(later_id)
    if later and later.status == 'queued' and later.attempt == 0 and later.dueAt > now then
      released[#released + 1] = queue(later, now, now)
    end
  end
  return released
end

-- Approved or out of guesses: nothing of this challenge may be sent any more.
local function challenge_over(id)
  if not id then return false end
  local status = redis.call('HGET', key('challenge', id), 'status')
  return status and status ~= 'pending'
end

-- The challenge is over, or an earlier stage was taken: nothing of this row may be sent any more.
local function not_needed(row)
  if challenge_over(row.challengeId) then return true end
  local earlier = row.after and message(row.after)
  if not earlier then return false end
  return has_arrived(earlier.status) or not_needed(earlier)
end

-- Ends every row of a challenge that nobody holds.
local function close_messages(challenge_id, now)
  for _, id in ipairs(ids_in(key('sends', challenge_id))) do
    local row = message(id)
    if row and row.status == 'queued' then finish(row, end_word('cancelled', row.ambiguous == 1), nil, now) end
  end
end

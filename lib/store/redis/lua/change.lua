-- needs: rows, figures, limits, rules
-- The few ways a message row changes; every step is composed of these, so each consequence is written once.

-- Due within the horizon, a row's wake is the caller's duty; later ones are the sweeper's.
local function arm(row, now)
  local later = row.dueAt - now > POLICY.armHorizonMs
  row.unarmed = later and 1 or nil
  arming[row.id] = later
end

-- The one way in which a row's status changes. What would break the state machine stops the step before anything is stored.
local function move(row, status, changes)
  must_follow(row.status, status)
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
    behind = false,
  })
  arm(row, now)
  return waiting(row)
end

-- A queued row behind a provider's open breaker: nothing wakes it before its own end but what the probe finds out.
local function wait_behind(row, provider, open_at, end_at)
  move(row, 'queued', {
    dueAt = open_at,
    wakeAt = end_at,
    unarmed = false,
    leaseToken = false,
    leaseUntil = false,
    intent = false,
    lost = 0,
    behind = provider,
  })
end

-- Puts a row under lease with its intent written: from here on, its provider may have been called.
local function hold(row, intent, lease)
  move(row, 'sending', {
    intent = intent,
    leaseToken = lease.token,
    leaseUntil = lease.untilAt,
    wakeAt = lease.untilAt,
    unarmed = false,
    behind = false,
  })
end

-- True when a row of the same send is open or was taken: its place in the limits is used.
local function slot_used(row)
  if not row.endedAt or maybe_taken(row.status) then return true end
  for _, id in ipairs(ids_in(row.mates)) do
    local mate = message(id)
    if mate and (not mate.endedAt or maybe_taken(mate.status)) then return true end
  end
  return false
end

local cancel_after

-- Ends a row: status, retention; a send nobody took gives its places back, an accepted row cancels its fallbacks.
local function end_as(row, status, now)
  move(row, status, {
    endedAt = now,
    wakeAt = false,
    unarmed = false,
    behind = false,
    leaseToken = false,
    leaseUntil = false,
    intent = false,
    lost = 0,
  })
  if is_dead(status) then count('failed', now) end
  if has_arrived(status) then cancel_after(row, now) end
  if not maybe_taken(status) and not slot_used(row) then give_back(decode(row.slotSeries), row.slot) end
end

-- The same, told on the timeline.
local function finish(row, status, provider, now)
  must_follow(row.status, status)
  add_event(row, status, provider, now)
  end_as(row, status, now)
end

-- A provider took the row: the stages that wait for it, and whatever waits for those, are not needed any more.
function cancel_after(row, now)
  for _, later_id in ipairs(ids_in(row.later)) do
    local later = message(later_id)
    if later then
      if later.status == 'queued' and later.ambiguous == 0 then finish(later, 'cancelled', nil, now) end
      cancel_after(later, now)
    end
  end
end

-- An end that was not the truth becomes it: retention and later stages follow.
local function lift(row, status, now)
  move(row, status, {})
  if has_arrived(status) then cancel_after(row, now) end
end

-- True when every earlier stage's row has had a full round that nobody accepted, or is waited for no longer.
local function is_released(row)
  for _, id in ipairs(ids_in(row.after)) do
    local earlier = message(id)
    if earlier and earlier.refused ~= 1 and not was_never_taken(earlier.status) then return false end
  end
  return true
end

-- One full round of the row was refused: what waited for it and has no other to wait for, untried, is due now. `mark` names
-- the call, so that one that is repeated after it was refused half way is told the same rows.
local function release_after(row, mark, now)
  local released = {}
  if row.later then change(row, { refused = 1 }) end
  for _, later_id in ipairs(ids_in(row.later)) do
    local later = message(later_id)
    if later and later.status == 'queued' and later.attempt == 0 and is_released(later) then
      if later.releasedBy == mark then
        released[#released + 1] = waiting(later)
      elseif later.dueAt > now then
        change(later, { releasedBy = mark })
        released[#released + 1] = queue(later, now, now)
      end
    end
  end
  return released
end

-- Approved or out of guesses: nothing of this challenge may be sent any more.
local function challenge_over(id)
  local challenge = id and challenge_of(id)
  return challenge and challenge.status ~= 'pending'
end

-- The challenge is over, or an earlier stage was taken: nothing of this row may be sent any more.
local function not_needed(row)
  if challenge_over(row.challengeId) then return true end
  for _, id in ipairs(ids_in(row.after)) do
    local earlier = message(id)
    if earlier and (has_arrived(earlier.status) or not_needed(earlier)) then return true end
  end
  return false
end

-- Ends every row of a challenge that nobody holds.
local function close_messages(challenge, now)
  for _, id in ipairs(sends_of(challenge)) do
    local row = message(id)
    if row and row.status == 'queued' then finish(row, end_word('cancelled', row.ambiguous == 1), nil, now) end
  end
end

-- Stores what the step decided; behind it nothing can be refused.
local function store(now, own)
  store_rows(now, own)
  store_figures()
end

-- Stores what the step decided, and with its row the answer for a repeat of this very call.
local function tell_with(row, answer, now)
  local text = cjson.encode(answer)
  change(row, { toldTo = ARGV[2], told = text })
  store(now, row)
  return text
end

-- needs: change, breaker, behind, rules
-- Taking one row under lease; `lease` is { token, leaseMs, untilAt }.

local function ended(row, word, now)
  local status = end_word(word, row.ambiguous == 1)
  finish(row, status, nil, now)
  return nil, { id = row.id, why = 'ended', status = status }
end

-- Why a row cannot be claimed now, before anything is asked of it; nil when it is due.
local function obstacle(id, now)
  local row = message(id)
  if not row then return { id = id, why = 'missing' } end
  if not is_open(row.status) then return { id = id, why = 'ended', status = row.status } end
  if row.wakeAt <= now then return nil end
  if row.status == 'sending' then return { id = id, why = 'leased', ['until'] = row.wakeAt } end
  if row.behind then return { id = id, why = 'behind', dueAt = row.dueAt } end
  return { id = id, why = 'later', generation = row.generation, dueAt = row.dueAt }
end

-- The row when it is now held; or nil and why it is not.
local function claim_one(id, lease, now)
  local why = obstacle(id, now)
  if why then return nil, why end
  local row = message(id)
  -- A lease that ended with its intent set: whatever that worker did is unknown until it is settled so.
  local lost = row.status == 'sending'
  if lost then change(row, { lost = 1, ambiguous = 1 }) end
  if not_needed(row) then return ended(row, 'cancelled', now) end
  if row.startBy and now > row.startBy then return ended(row, 'expired', now) end
  if now > row.giveUpAt then return ended(row, 'failed', now) end
  if lost then
    hold(row, row.intent, lease)
    return row
  end
  local provider, open_at, first = pick(decode(row.candidates), row, lease, now)
  if provider then
    hold(row, provider, lease)
    return row
  end
  return nil, put_behind(row, first, open_at, now)
end

local function lease_of(asked, now)
  return { token = asked.token, leaseMs = asked.leaseMs, untilAt = now + asked.leaseMs }
end

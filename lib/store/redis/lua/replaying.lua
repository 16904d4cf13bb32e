-- needs: change, rules
-- Queueing a dead row again under a new provider key.

local function is_over(row, now)
  return row.expiresAt and (row.expiresAt <= now or row.startBy and row.startBy <= now)
end

local function replay_one(row, force, give_up_at, now)
  if not row then return { kind = 'missing' } end
  if not is_dead(row.status) then return { kind = 'refused', status = row.status } end
  if row.status == 'unknown' and not force then return { kind = 'needs-force' } end
  if payload_until(row) <= now or redis.call('EXISTS', key('payload', row.id)) == 0 then return { kind = 'payload-gone' } end
  if is_over(row, now) or not_needed(row) then return { kind = 'expired' } end
  -- A copy that may be out stays in doubt, whatever becomes of the new one.
  local doubted = (row.status == 'unknown' or row.ambiguous == 1) and 1 or 0
  change(row, {
    replays = row.replays + 1,
    plan = '',
    ambiguous = doubted,
    doubted = doubted,
    endedAt = false,
    startBy = row.expiresAt and row.startBy or false,
    giveUpAt = math.min(give_up_at, row.expiresAt or give_up_at),
    firstDueAt = now,
  })
  add_event(row, 'queued', nil, now)
  local answer = queue(row, now, now, row.providers)
  answer.kind = 'replayed'
  return answer
end

-- needs: change, rules
-- Step: queueing a dead row again under a new provider key. request = { id, force, giveUpAt, now }

local now = clock(request.now)
local row = message(request.id)
if not row then return '{"kind":"missing"}' end
if row.toldTo == ARGV[2] then return row.told end
if not is_dead(row.status) then
  return cjson.encode({ kind = 'refused', status = row.status })
end
if row.status == 'unknown' and not request.force then return '{"kind":"needs-force"}' end
if payload_until(row) <= now or redis.call('EXISTS', key('payload', row.id)) == 0 then
  return '{"kind":"payload-gone"}'
end
local doubted = (row.status == 'unknown' or row.ambiguous == 1) and 1 or 0
-- Its old end does not bind the new life: a replay is an operator's decision to send it now.
change(row, {
  replays = row.replays + 1,
  plan = '',
  -- A copy that may be out stays in doubt, whatever becomes of the new one.
  ambiguous = doubted,
  doubted = doubted,
  endedAt = false,
  expiresAt = false,
  startBy = false,
  giveUpAt = request.giveUpAt,
  firstDueAt = now,
})
add_event(row, 'queued', nil, now)
local answer = queue(row, now, now, row.providers)
answer.kind = 'replayed'
return tell_with(row, answer, now)

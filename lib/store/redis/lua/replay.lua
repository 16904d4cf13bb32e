-- Step: queueing a dead row again under a new provider key. request = { id, force, giveUpAt, now }

local before = told()
if before then return before end
local now = clock(request.now)
local row = message(request.id)
if not row then return '{"kind":"missing"}' end
if row.status ~= 'failed' and row.status ~= 'unknown' then
  return cjson.encode({ kind = 'refused', status = row.status })
end
if row.status == 'unknown' and not request.force then return '{"kind":"needs-force"}' end
if row.payloadUntil <= now or redis.call('EXISTS', key('payload', row.id)) == 0 then
  return '{"kind":"payload-gone"}'
end
keep(row)
-- Its old end does not bind the new life: a replay is an operator's decision to send it now.
change(row, {
  replays = row.replays + 1,
  plan = '',
  ambiguous = 0,
  endedAt = false,
  purgeAt = false,
  payloadUntil = false,
  expiresAt = false,
  startBy = false,
  giveUpAt = request.giveUpAt,
  firstDueAt = now,
})
add_event(row.id, 'queued', nil, now)
local answer = queue(row, now, now, row.providers)
answer.kind = 'replayed'
return tell(answer)

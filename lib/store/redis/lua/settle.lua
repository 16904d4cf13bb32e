-- needs: lease, rules
-- Step: ending an attempt. request = Settlement; candidates are JSON text.

-- This call, as long as its row is not stored.
local function mark_of(row)
  return row.leaseToken .. ' ' .. int(row.attempt)
end

local function put(row, later, now, alert)
  local released = later.release and release_after(row, mark_of(row), now) or {}
  change(row, { plan = later.plan })
  local at = not_before(row, decode(later.candidates), later.dueAt)
  local queued = queue(row, at, now, later.candidates)
  return { kind = 'queued', generation = queued.generation, dueAt = queued.dueAt, alert = alert, released = released }
end

local function proceed(row, s, now, alert)
  local provider = s.record and s.record.provider
  local ambiguous = row.ambiguous == 1
  if row.status ~= 'sending' then
    -- A report has already told the end of this row: the attempt is on record, the status stays.
    change(row, { leaseToken = false, leaseUntil = false, intent = false })
    return { kind = 'ended', status = row.status, alert = alert, released = {} }
  end
  local function finished(status, released)
    finish(row, status, provider, now)
    return { kind = 'ended', status = status, alert = alert, released = released }
  end
  local next = s.next
  if next.kind == 'end' then
    local released = next.release and release_after(row, mark_of(row), now) or {}
    if next.status == 'sent' then count_sent(row, provider or '', now) end
    -- A copy of an earlier life may be out.
    return finished(end_word(next.status, ambiguous), released)
  end
  if not_needed(row) then return finished(end_word('cancelled', ambiguous), {}) end
  if row.startBy and now > row.startBy then
    return finished(end_word('expired', ambiguous), release_after(row, mark_of(row), now))
  end
  if next.kind == 'later' then return put(row, next, now, alert) end
  local lease = lease_of({ token = s.token, leaseMs = next.leaseMs }, now)
  local intent = pick(decode(next.candidates), row, lease, now)
  if not intent then return put(row, next.otherwise, now, alert) end
  change(row, { plan = next.plan })
  hold(row, intent, lease)
  return { kind = 'again', intent = intent, plan = next.plan, leaseUntil = lease.untilAt, alert = alert, released = {} }
end

-- A plain end is kept as its word.
local function answer_of(row)
  local last = row.lastAnswer
  if string.sub(last, 1, 1) == '{' then return last end
  return cjson.encode({ kind = 'ended', status = last, alert = NULL, released = {} })
end

local s = request
local now = clock(s.now)
local row = message(s.id)
if not row then return '{"kind":"lost"}' end
if row.lastToken == s.token and row.lastAttempt == s.attempt and row.lastAnswer then return answer_of(row) end
if row.leaseToken ~= s.token or row.attempt ~= s.attempt then return '{"kind":"lost"}' end
-- Before the first write, so that it is refused whole: under lease a row is sending, unless a report has told its end; and
-- an end must be one that may follow.
if not was_taken(row.status) then
  if row.status ~= 'sending' then error('status: ' .. row.status .. ' under lease') end
  if s.next.kind == 'end' then must_end('sending', s.next.status, s.record ~= nil) end
end
local alert
if s.record then
  local attempts = row.attempts or {}
  attempts[#attempts + 1] = s.record
  change(row, { attempts = attempts })
  alert = note(s.record, s.breaker, s.id, s.token, now)
else
  note({ provider = row.intent }, 'none', s.id, s.token, now)
end
local ambiguous = math.max(row.doubted or 0, s.ambiguous and 1 or 0)
change(row, { attempt = row.attempt + (s.record and 1 or 0), ambiguous = ambiguous, lost = 0 })
local mark = mark_of(row)
local answer = proceed(row, s, now, alert or NULL)
if s.record and s.breaker == 'good' then
  for _, one in ipairs(release_behind(s.record.provider, mark, now, POLICY.breaker.releasedAtOnce)) do
    table.insert(answer.released, one)
  end
end
local text = cjson.encode(answer)
local plain_end = answer.kind == 'ended' and not alert and #answer.released == 0
change(row, { lastToken = s.token, lastAttempt = s.attempt, lastAnswer = plain_end and answer.status or text })
store(now, row)
return text

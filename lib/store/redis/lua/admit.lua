-- needs: start, sessions, trail, cancelling
-- Step: accepting. request = { groups = [Admission] }; lists kept in rows, and audit entries, already as JSON text.

local function all_takes(group)
  local takes = {}
  for _, one in ipairs(group.sends) do takes[#takes + 1] = one end
  for _, one in ipairs(group.takes) do takes[#takes + 1] = one end
  return takes
end

-- What is kept of each group beside its rows, by the name of its key: `kept` as this step has it so far, `remembered` what is
-- new of it, written once the rows are stored.
local kept, remembered = {}, {}

local function idempotency_of(group)
  if not group.idempotency then return nil end
  local name = key('idempotency', group.idempotency.key)
  if kept[name] == nil then kept[name] = read(name) or false end
  local found = kept[name]
  return found and found.untilAt > group.now and found or nil
end

-- A repeat finds it there, unless its first call was refused before it got so far.
local function remember(group, ids)
  local asked = group.idempotency
  if not asked or idempotency_of(group) then return end
  local challenge, kept_ms = group.open or group.resend, asked.keptMs or POLICY.idempotencyMs
  local name = key('idempotency', asked.key)
  kept[name] = {
    fingerprint = asked.fingerprint,
    messageIds = table.concat(asked.names or ids, ' '),
    untilAt = group.now + kept_ms,
    challengeId = challenge and challenge.id,
  }
  remembered[name] = kept[name]
end

-- Which of its rows start at once is decided when all groups are in.
local function admitted(group, ids, usage)
  remember(group, ids)
  return { kind = 'admitted', ids = ids, claimed = {}, waiting = {}, usage = usage }
end

local function hastened(group, id)
  remember(group, { id })
  return { kind = 'hastened', id = id, claimed = {}, waiting = {}, usage = usage_of(all_takes(group), group.now) }
end

local function known(group)
  local found = idempotency_of(group)
  if not found then return nil end
  if found.fingerprint ~= group.idempotency.fingerprint then return { kind = 'mismatch' } end
  local ids, messages = ids_in(found.messageIds), {}
  for _, id in ipairs(ids) do
    local row = message(id)
    if row then messages[#messages + 1] = { id = id, channel = row.channel, status = row.status, dueAt = row.dueAt } end
  end
  return { kind = 'repeated', challengeId = found.challengeId or NULL, messageIds = ids, messages = messages }
end

local function extend(resend)
  local challenge = challenge_of(resend.id)
  challenge.codeExpiresAt = math.min(challenge.endsAt, math.max(challenge.codeExpiresAt, resend.codeExpiresAt))
  challenge.resendAt = resend.resendAt
  save_challenge(challenge)
end

-- The row that was hastened by this very call, when it is repeated.
local function row_instead(challenge_id, id)
  local challenge = challenge_of(challenge_id)
  for _, send in ipairs(challenge and sends_of(challenge) or {}) do
    local row = message(send)
    if row and has(ids_in(row.instead), id) then return send end
  end
  return nil
end

-- A resend that needs no new row: refused, or the row that is still queued is due now; nil when a row is needed.
local function again(group)
  local resend = group.resend
  local challenge = challenge_of(resend.id)
  if not challenge then return { kind = 'missing' } end
  if challenge.status ~= 'pending' or group.now >= challenge.endsAt then return { kind = 'over' } end
  local row
  for _, id in ipairs(sends_of(challenge)) do
    local one = message(id)
    if one and one.channel == resend.channel and one.status == 'queued' then row = one end
  end
  if not row then return nil end
  local taken = take(group.takes, group.now)
  if taken.kind == 'limited' then return taken end
  if group.audit then add_audit(group.audit) end
  extend(resend)
  local asked = group.messages[1]
  if asked then
    change(row, {
      expiresAt = asked.expiresAt or row.expiresAt,
      startBy = asked.startBy or row.startBy,
      giveUpAt = asked.giveUpAt,
      -- The row it asked for is never made: this is how a repeat finds what was done instead.
      instead = row.instead and row.instead .. ' ' .. asked.id or asked.id,
    })
  end
  if row.dueAt > group.now then queue(row, group.now, group.now) end
  return hastened(group, row.id)
end

local function open(challenge)
  challenge.status, challenge.failures = 'pending', 0
  if challenge.subject then
    local index = key('subject', challenge.subject)
    redis.call('ZADD', index, 0, challenge.id)
    expire(index, kept_until(challenge))
  end
  save_challenge(challenge)
end

-- Rows of one send share its place in the limits, so each knows the others.
local function mates_of(row, messages)
  local mates = {}
  for _, other in ipairs(messages) do
    if other.slot == row.slot and other.id ~= row.id then mates[#mates + 1] = other.id end
  end
  return #mates > 0 and table.concat(mates, ' ') or nil
end

local function insert(asked, messages, now)
  local row = {}
  for field, value in pairs(asked) do row[field] = value end
  row.sealed, row.links = nil, nil
  row.status, row.candidates, row.plan = 'queued', row.providers, ''
  row.wakeAt, row.firstDueAt, row.createdAt = row.dueAt, row.dueAt, now
  row.attempt, row.replays, row.generation, row.ambiguous, row.lost = 0, 0, 0, 0, 0
  row.mates = mates_of(asked, messages)
  change(row, {})
  arm(row, now)
  for _, name in ipairs(ids_in(asked.links)) do
    redis.call('ZADD', key('link', name), 0, row.id)
    local kept_until = math.max(now, row.dueAt) + POLICY.listedMs
    if redis.call('PTTL', key('link', name)) < kept_until - now then expire(key('link', name), kept_until) end
  end
  if asked.sealed then
    sealed_now[row.id] = asked.sealed
    redis.call('SET', key('payload', row.id), asked.sealed)
  end
  for _, id in ipairs(ids_in(row.after)) do
    local earlier = message(id)
    if earlier and not has(ids_in(earlier.later), row.id) then
      change(earlier, { later = earlier.later and earlier.later .. ' ' .. row.id or row.id })
    end
  end
  add_event(row, 'queued', nil, now)
end

-- True when every row of the call is there. A row in no live index, though it has not ended, is put back: the index may
-- have been lost, or this very call refused before it got so far.
local function all_there(ids)
  for _, id in ipairs(ids) do
    local row = message(id)
    if not row then return false end
    if row.wakeAt and not redis.call('ZSCORE', key('live', row.priority), id) then
      redis.call('ZADD', key('live', row.priority), int(row.wakeAt), id)
    end
  end
  return true
end

-- The caller names the ids: finding them means that this is a repeat after a lost answer.
local function is_repeat(group, ids)
  if ids[1] then return all_there(ids) end
  if group.open and challenge_of(group.open.id) then return true end
  return group.session and session_of(group.session.id) ~= nil
end

-- What of its references was still to leave, or has left: what ended otherwise is nobody's concern.
local function cancel_all(group)
  local cancelled = {}
  for _, name in ipairs(group.cancels or {}) do
    for _, one in ipairs(cancel_linked(name, group.now)) do
      if one.kind ~= 'ended' then cancelled[#cancelled + 1] = one end
    end
  end
  return cancelled
end

local function admit_one(group)
  local ids = {}
  for _, asked in ipairs(group.messages) do ids[#ids + 1] = asked.id end
  if is_repeat(group, ids) then return admitted(group, ids, usage_of(all_takes(group), group.now)) end
  local instead = group.resend and ids[1] and row_instead(group.resend.id, ids[1])
  if instead then return hastened(group, instead) end
  if group.bearer and revoked(group.bearer, group.now) then return { kind = 'revoked' } end
  if group.session and stale(group.session) then return { kind = 'revoked' } end
  local half = ids[1] and message(ids[1])
  local answer = not half and (known(group) or (group.resend and again(group)))
  if answer then return answer end
  local taken = take(all_takes(group), group.now)
  if taken.kind == 'limited' then return taken end
  if group.audit then add_audit(group.audit) end
  local cancelled = cancel_all(group)
  for _, asked in ipairs(group.messages) do
    if not message(asked.id) then insert(asked, group.messages, group.now) end
    local challenge = group.open or asked.challengeId and challenge_of(asked.challengeId)
    if challenge then add_send(challenge, asked.id) end
    if challenge and not group.open and not group.resend then save_challenge(challenge) end
  end
  -- Before the rows: whoever finds those takes the rest for done.
  if group.session then insert_session(group.session, group.now) end
  if group.open then open(group.open) end
  if group.resend then extend(group.resend) end
  answer = admitted(group, ids, taken.usage)
  answer.cancelled = #cancelled > 0 and cancelled or nil
  return answer
end

local answers = {}
for at, group in ipairs(request.groups) do
  group.now = clock(group.now)
  answers[at] = admit_one(group)
end
start_first(request.groups, answers)
store(request.groups[1] and request.groups[1].now or 0)
for name, found in pairs(remembered) do write(name, found, found.untilAt) end
for _, answer in ipairs(answers) do answer.ids = nil end
return cjson.encode(answers)

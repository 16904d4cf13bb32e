-- needs: lease, sessions, trail
-- Step: accepting. request = { groups = [Admission] }; lists kept in rows, and audit entries, already as JSON text.

-- Claims what is due where a lease was given; the rest waits for its wake, or for its earlier stage unless hastened.
local function held(group, ids, hasten)
  local answer = { claimed = {}, waiting = {} }
  local lease = group.claim and lease_of(group.claim, group.now)
  for _, id in ipairs(ids) do
    local row = message(id)
    if row and not row.endedAt then
      if lease and row.leaseToken == lease.token then
        table.insert(answer.claimed, claimed(row))
      elseif not lease or row.status ~= 'queued' or row.dueAt > group.now or (row.after and not hasten) then
        table.insert(answer.waiting, waiting(row))
      else
        local taken, why = claim_one(id, lease, group.now)
        if taken then
          table.insert(answer.claimed, claimed(taken))
        elseif why.why == 'later' then
          table.insert(answer.waiting, waiting(row))
        end
      end
    end
  end
  return answer
end

local function all_takes(group)
  local takes = {}
  for _, one in ipairs(group.sends) do takes[#takes + 1] = one end
  for _, one in ipairs(group.takes) do takes[#takes + 1] = one end
  return takes
end

local function admitted(group, ids, usage)
  local answer = held(group, ids)
  answer.kind = 'admitted'
  answer.usage = usage
  return answer
end

local function hastened(group, id)
  local usage = usage_of(all_takes(group), group.now)
  local answer = held(group, { id }, true)
  answer.kind = 'hastened'
  answer.id = id
  answer.usage = usage
  return answer
end

-- What is kept of the call beside its rows.
local function remember(group, ids)
  if group.audit then add_audit(group.audit) end
  if not group.idempotency then return end
  local name, kept_ms = key('idempotency', group.idempotency.key), group.idempotency.keptMs or POLICY.idempotencyMs
  redis.call(
    'HSET', name,
    'fingerprint', group.idempotency.fingerprint,
    'messageIds', #ids == 0 and '[]' or cjson.encode(ids),
    'untilAt', int(group.now + kept_ms)
  )
  redis.call('HDEL', name, 'challengeId')
  local challenge = group.open or group.resend
  if challenge then redis.call('HSET', name, 'challengeId', challenge.id) end
  redis.call('PEXPIRE', name, int(kept_ms))
end

local function known(group)
  if not group.idempotency then return nil end
  local found = read_hash(key('idempotency', group.idempotency.key), { 'untilAt' })
  if not found or found.untilAt <= group.now then return nil end
  if found.fingerprint ~= group.idempotency.fingerprint then return { kind = 'mismatch' } end
  return { kind = 'repeated', challengeId = found.challengeId or NULL, messageIds = cjson.decode(found.messageIds) }
end

local function extend(resend)
  local name = key('challenge', resend.id)
  local found = read_hash(name, { 'codeExpiresAt', 'endsAt' })
  local life = math.min(found.endsAt, math.max(found.codeExpiresAt, resend.codeExpiresAt))
  write_hash(name, found, { codeExpiresAt = life, resendAt = resend.resendAt })
end

-- A resend that needs no new row: refused, or the row that is still queued is due now; nil when a row is needed.
local function again(group)
  local resend = group.resend
  local challenge = read_hash(key('challenge', resend.id), { 'endsAt' })
  if not challenge then return { kind = 'missing' } end
  if challenge.status ~= 'pending' or group.now >= challenge.endsAt then return { kind = 'over' } end
  local row
  for _, id in ipairs(ids_in(key('sends', resend.id))) do
    local one = message(id)
    if one and one.channel == resend.channel and one.status == 'queued' then row = one end
  end
  if not row then return nil end
  local taken = take(group.takes, group.now)
  if taken.kind == 'limited' then return taken end
  extend(resend)
  local asked = group.messages[1]
  if asked then
    change(row, {
      expiresAt = asked.expiresAt or row.expiresAt,
      startBy = asked.startBy or row.startBy,
      giveUpAt = asked.giveUpAt,
    })
    -- The row it asked for is never made: this is how a repeat finds what was done instead.
    redis.call('SET', key('hastened', asked.id), row.id, 'PX', int(POLICY.answerMs))
  end
  if row.dueAt > group.now then queue(row, group.now, group.now) end
  remember(group, { row.id })
  return hastened(group, row.id)
end

local function open(challenge, now)
  local name = key('challenge', challenge.id)
  challenge.status, challenge.failures = 'pending', 0
  write_hash(name, {}, challenge)
  -- It ends by itself, so its retention is known from the start.
  local purge_at = challenge.endsAt + POLICY.payloadMs
  redis.call('PEXPIRE', name, int(math.max(0, purge_at - now)))
  redis.call('ZADD', 'posta:ending', int(purge_at), 'challenge ' .. challenge.id)
  if challenge.subject then
    local index = key('subject', challenge.subject)
    redis.call('ZADD', index, 0, challenge.id)
    redis.call('PEXPIRE', index, int(math.max(0, purge_at - now)))
  end
end

local function insert(asked, now)
  local sealed, row = asked.sealed, asked
  row.sealed = nil
  row.status, row.candidates, row.plan = 'queued', row.providers, ''
  row.wakeAt, row.firstDueAt, row.createdAt = row.dueAt, row.dueAt, now
  row.attempt, row.replays, row.generation, row.ambiguous, row.lost = 0, 0, 0, 0, 0
  change(row, row)
  rows[row.id] = row
  redis.call('SET', key('payload', row.id), sealed)
  redis.call('ZADD', 'posta:messages', 0, row.id)
  redis.call('ZADD', key('recipient', row.recipient), 0, row.id)
  redis.call('ZADD', key('live', row.priority), int(row.dueAt), row.id)
  redis.call('SADD', key('slot', row.slot), row.id)
  if row.after then redis.call('ZADD', key('after', row.after), 0, row.id) end
  if row.challengeId then
    local name = key('sends', row.challengeId)
    redis.call('ZADD', name, 0, row.id)
    redis.call('PEXPIRE', name, int(POLICY.recordMs))
  end
  arm(row, now)
  add_event(row.id, 'queued', nil, now)
end

local function admit_one(group)
  local ids = {}
  for _, asked in ipairs(group.messages) do ids[#ids + 1] = asked.id end
  -- The caller names the ids: finding them means that this is a repeat after a lost answer.
  local repeated = ids[1] and message(ids[1])
  if not ids[1] and group.open then repeated = redis.call('EXISTS', key('challenge', group.open.id)) == 1 end
  if group.session then repeated = repeated or session_of(group.session.id) end
  if repeated then return admitted(group, ids, usage_of(all_takes(group), group.now)) end
  local instead = group.resend and ids[1] and redis.call('GET', key('hastened', ids[1]))
  if instead then return hastened(group, instead) end
  if group.bearer and revoked(group.bearer, group.now) then return { kind = 'revoked' } end
  if group.session and stale(group.session) then return { kind = 'revoked' } end
  local answer = known(group) or (group.resend and again(group))
  if answer then return answer end
  local taken = take(all_takes(group), group.now)
  if taken.kind == 'limited' then return taken end
  if group.open then open(group.open, group.now) end
  if group.resend then extend(group.resend) end
  if group.session then insert_session(group.session, group.now) end
  for _, asked in ipairs(group.messages) do insert(asked, group.now) end
  remember(group, ids)
  return admitted(group, ids, taken.usage)
end

local answers = {}
for at, group in ipairs(request.groups) do
  group.now = clock(group.now)
  answers[at] = admit_one(group)
end
return cjson.encode(answers)

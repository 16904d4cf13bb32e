-- needs: nothing
-- Families of refresh tokens, and the epochs that end all of a person's at once.

local function session_of(id)
  return read(key('session', id))
end

local function epoch_of(user_id)
  return tonumber(redis.call('GET', key('epoch', user_id)) or 0)
end

-- As lib/rules/session.ts has it; a test runs both over the same cases.
local function session_end(session)
  return math.min(session.endsAt, session.turnedAt + POLICY.session.idleMs)
end

local function turn_of(session, presented, now)
  if presented > session.n then return 'over' end
  if presented == session.n then return 'next' end
  return presented == session.n - 1 and now - session.turnedAt < POLICY.session.graceMs and 'same' or 'reused'
end

local function session_over(session, now)
  return session.revokedAt or now >= session_end(session) or session.epoch < epoch_of(session.userId)
end

-- Always later than the one before, whatever the clocks: everything opened or proven until now is ended.
local function bump_epoch(user_id, now)
  local epoch = math.max(epoch_of(user_id) + 1, now)
  -- What it ends is over by itself after this long.
  write_text(key('epoch', user_id), int(epoch), now + POLICY.session.lifeMs + POLICY.session.keptMs)
  return epoch
end

-- The person's sessions were ended after the credentials were read, or in the same ms.
local function stale(session)
  return session.provenAt <= epoch_of(session.userId)
end

local function revoked(bearer, now)
  local session = session_of(bearer.sessionId)
  if session then return session.userId ~= bearer.userId or session_over(session, now) end
  return bearer.issuedAt <= epoch_of(bearer.userId)
end

local function write_session(session, changes)
  merge(session, changes)
  write(key('session', session.id), session, session_end(session) + POLICY.session.keptMs)
end

local function insert_session(asked, now)
  local index, life_ms = key('sessions', asked.userId), POLICY.session.lifeMs
  redis.call('ZREMRANGEBYSCORE', index, '-inf', int(now - life_ms))
  redis.call('ZADD', index, int(now), asked.id)
  expire(index, now + life_ms)
  write_session({
    id = asked.id,
    userId = asked.userId,
    nonce = asked.nonce,
    n = 0,
    turnedAt = now,
    epoch = epoch_of(asked.userId),
    createdAt = now,
    endsAt = now + life_ms,
    agent = asked.agent,
    ip = asked.ip,
  }, {})
end

local function end_session(session, now)
  if session.revokedAt then return end
  write_session(session, { revokedAt = now })
  try_call('ZREM', key('sessions', session.userId), session.id)
end

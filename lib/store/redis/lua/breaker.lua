-- needs: nothing
-- The providers' breakers: five failures in a row open one, one probe at a time closes it.

local BREAKER_NUMBERS = { 'failures', 'failedAt', 'openedAt', 'openUntil', 'probeUntil', 'alertedAt' }

local function breaker(provider)
  return read_hash(key('breaker', provider), BREAKER_NUMBERS)
end

-- The first candidate whose breaker lets a call through, marking its single probe; or nil and when one may be probed.
local function pick(candidates, lease, now)
  local open_at = math.huge
  for _, provider in ipairs(candidates) do
    local found = breaker(provider)
    if not found or not found.openUntil then return provider end
    local busy_until = math.max(found.openUntil, found.probeUntil or 0)
    if busy_until <= now then
      write_hash(key('breaker', provider), found, { probeToken = lease.token, probeUntil = lease.untilAt })
      return provider
    end
    open_at = math.min(open_at, busy_until)
  end
  return nil, open_at
end

-- Notes how an attempt went; the alert that this caller, and no other, has to give, or nil.
local function note(attempt, word, token, now)
  local provider = attempt.provider
  local name = key('breaker', provider)
  local found = breaker(provider)
  local probing = found and found.probeToken == token
  if word == 'good' then
    if not found then return nil end
    -- A call that started before the breaker opened says nothing about the provider now.
    if found.openUntil and not probing and attempt.at < (found.openedAt or 0) then return nil end
    redis.call('DEL', name)
    redis.call('SREM', 'posta:breakers', provider)
    if not found.alertedAt then return nil end
    return { provider = provider, state = 'recovered', code = found.code or NULL }
  end
  if word == 'none' then
    if probing then write_hash(name, found, { probeToken = false, probeUntil = false }) end
    return nil
  end
  local was = found or {}
  local in_row = 1
  if found and now - found.failedAt < POLICY.breaker.forgetMs then in_row = found.failures + 1 end
  local held = word == 'held'
  local opens = held or probing or (not was.openUntil and in_row >= POLICY.breaker.failuresMax)
  local changes = { failures = in_row, failedAt = now }
  if opens then
    changes.code = attempt.code or false
    local open_ms = held and POLICY.breaker.heldMs or POLICY.breaker.openMs
    changes.openedAt = now
    changes.openUntil = math.max(was.openUntil or 0, now + open_ms)
  end
  if probing then
    changes.probeToken = false
    changes.probeUntil = false
  end
  local alerts = opens and (not was.alertedAt or now - was.alertedAt >= POLICY.breaker.alertEveryMs)
  if alerts then changes.alertedAt = now end
  write_hash(name, was, changes)
  redis.call('SADD', 'posta:breakers', provider)
  if not alerts then return nil end
  return { provider = provider, state = 'down', code = attempt.code or NULL }
end

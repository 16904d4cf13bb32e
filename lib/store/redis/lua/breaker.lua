-- needs: nothing
-- The providers' breakers: five failures in a row open one, one probe at a time closes it.

local BREAKER_NUMBERS = { 'failures', 'failedAt', 'openedAt', 'openUntil', 'probeUntil', 'alertedAt' }

local function breaker(provider)
  return read_hash(key('breaker', provider), BREAKER_NUMBERS)
end

-- As lib/rules/breaker.ts has it; a test runs both over the same cases.
local function breaker_state(open_until, now)
  if not open_until then return 'closed' end
  return open_until > now and 'open' or 'probing'
end

local function free_at(found)
  if not found.openUntil then return 0 end
  return math.max(found.openUntil, found.probeUntil or 0)
end

local function closes_by(found, is_probe, started_at)
  return not found.openUntil or is_probe or started_at >= (found.openedAt or 0)
end

local function after_failure(found, note, is_probe, now)
  local was, failures = found or {}, 1
  if found and now - found.failedAt < POLICY.breaker.forgetMs then failures = found.failures + 1 end
  local opens = note == 'held' or is_probe or (not was.openUntil and failures >= POLICY.breaker.failuresMax)
  if not opens then return { failures = failures, opens = false, openUntil = was.openUntil, alerts = false } end
  local open_ms = note == 'held' and POLICY.breaker.heldMs or POLICY.breaker.openMs
  local alerts = not was.alertedAt or now - was.alertedAt >= POLICY.breaker.alertEveryMs
  return { failures = failures, opens = true, openUntil = math.max(was.openUntil or 0, now + open_ms), alerts = alerts }
end

-- Rows of one claim share its token: a probe is one of them.
local function probe_of(token, id)
  return token .. ' ' .. id
end

-- The first candidate whose breaker lets row `id` through, marking its single probe; or nil and when one may be probed.
local function pick(candidates, id, lease, now)
  local open_at = math.huge
  for _, provider in ipairs(candidates) do
    local found = breaker(provider)
    local free = found and free_at(found) or 0
    if free == 0 then return provider end
    if free <= now then
      write_hash(key('breaker', provider), found, { probe = probe_of(lease.token, id), probeUntil = lease.untilAt })
      return provider
    end
    open_at = math.min(open_at, free)
  end
  return nil, open_at
end

-- Notes how an attempt of row `id` went; the alert that this caller, and no other, has to give, or nil.
local function note(attempt, word, id, token, now)
  local provider = attempt.provider
  local name = key('breaker', provider)
  local found = breaker(provider)
  local probing = found ~= nil and found.probe == probe_of(token, id)
  if word == 'good' then
    if not found or not closes_by(found, probing, attempt.at) then return nil end
    redis.call('DEL', name)
    redis.call('SREM', 'posta:breakers', provider)
    if not found.alertedAt then return nil end
    return { provider = provider, state = 'recovered', code = found.code or NULL }
  end
  if word == 'none' then
    if probing then write_hash(name, found, { probe = false, probeUntil = false }) end
    return nil
  end
  local after = after_failure(found, word, probing, now)
  local changes = { failures = after.failures, failedAt = now }
  if after.opens then
    changes.code = attempt.code or false
    changes.openedAt = now
    changes.openUntil = after.openUntil
  end
  if probing then
    changes.probe = false
    changes.probeUntil = false
  end
  if after.alerts then changes.alertedAt = now end
  write_hash(name, found or {}, changes)
  redis.call('SADD', 'posta:breakers', provider)
  if not after.alerts then return nil end
  return { provider = provider, state = 'down', code = attempt.code or NULL }
end

-- needs: nothing
-- The providers' breakers: five failures in a row open one, one probe at a time closes it.

local function breaker(provider)
  return read(key('breaker', provider))
end

-- As lib/rules/breaker.ts has it; a test runs both over the same cases.
local function breaker_state(open_until, now)
  if not open_until then return 'closed' end
  return open_until > now and 'open' or 'probing'
end

local function free_at(found, urgent)
  if not found.openUntil then return 0 end
  local from = urgent and math.min(found.openUntil, found.failedAt + POLICY.breaker.urgentMs) or found.openUntil
  return math.max(from, found.probeUntil or 0)
end

-- A code, which is worth nothing after some minutes.
local function is_urgent(row)
  return row.class == 'security'
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

-- The first candidate whose breaker lets row `id` through, marking its single probe; or nil, when one may be probed,
-- and which.
local function pick_as(candidates, id, lease, now, urgent)
  local open_at, own, first = math.huge, probe_of(lease.token, id), nil
  for _, provider in ipairs(candidates) do
    local found = breaker(provider)
    local free = found and free_at(found, urgent) or 0
    if free == 0 then return provider end
    -- Its own probe is this very call, repeated after it was refused half way.
    if free <= now or found.probe == own and (urgent or found.openUntil <= now) then
      found.probe, found.probeUntil, found.prober = own, lease.untilAt, id
      write(key('breaker', provider), found)
      return provider
    end
    if free < open_at then open_at, first = free, provider end
  end
  return nil, open_at, first
end

-- An urgent row asks for what it may only when all others are closed to it.
local function pick(candidates, row, lease, now)
  local provider, open_at, first = pick_as(candidates, row.id, lease, now, false)
  if provider or not is_urgent(row) then return provider, open_at, first end
  return pick_as(candidates, row.id, lease, now, true)
end

-- From when on one of the candidates may be called: 0 = any time.
local function opens_at(candidates, urgent)
  local first
  for _, provider in ipairs(candidates) do
    local found = breaker(provider)
    first = math.min(first or math.huge, found and free_at(found, urgent) or 0)
  end
  return first or 0
end

-- Nothing is remembered of a closed breaker but that rows still wait behind it.
local function forget_breaker(provider, found)
  if found.waiting then
    write(key('breaker', provider), { failures = 0, failedAt = 0, waiting = 1 })
  else
    redis.call('SREM', 'posta:breakers', provider)
    redis.call('DEL', key('breaker', provider))
  end
end

local function breakers_of(now)
  local all = {}
  for _, provider in ipairs(redis.call('SMEMBERS', 'posta:breakers')) do
    local found = breaker(provider)
    if found then
      all[#all + 1] = {
        provider = provider,
        state = breaker_state(found.openUntil, now),
        failures = found.failures,
        openUntil = found.openUntil or NULL,
        code = found.openUntil and found.code or NULL,
      }
    end
  end
  return all
end

-- How an attempt of row `id` went, not stored yet: what becomes of the breaker (false = it goes), and the alert that this
-- caller, and no other, has to give, or nil.
local function noted(found, attempt, word, id, token, now)
  local provider = attempt.provider
  local probing = found ~= nil and found.probe == probe_of(token, id)
  if word == 'good' then
    if not found or not closes_by(found, probing, attempt.at) then return nil end
    return false, found.alertedAt and { provider = provider, state = 'recovered', code = found.code or NULL } or nil
  end
  if word == 'none' then
    if not probing then return nil end
    found.probe, found.probeUntil = nil, nil
    return found
  end
  local after = after_failure(found, word, probing, now)
  local new = found or {}
  new.failures, new.failedAt = after.failures, now
  if after.opens then new.code, new.openedAt, new.openUntil = attempt.code, now, after.openUntil end
  if probing then new.probe, new.probeUntil = nil, nil end
  if after.alerts then new.alertedAt = now end
  return new, after.alerts and { provider = provider, state = 'down', code = attempt.code or NULL } or nil
end

-- Notes how an attempt of row `id` went; the alert that this caller, and no other, has to give, or nil. A call that is
-- repeated because it was refused half way is known by `mark`, and told the same.
local function note(attempt, word, id, token, now)
  local provider = attempt.provider
  local name, found = key('breaker', provider), breaker(provider)
  local mark = table.concat({ token, id, int(now) }, ' ')
  if found and found.mark == mark then return found.alert end
  local new, alert = noted(found, attempt, word, id, token, now)
  if new == false and found.waiting then new = { failures = 0, failedAt = 0, waiting = 1 } end
  if new == false then
    forget_breaker(provider, found)
  elseif new then
    new.mark, new.alert = mark, alert
    redis.call('SADD', 'posta:breakers', provider)
    write(name, new)
  end
  return alert
end

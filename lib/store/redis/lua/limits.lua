-- needs: nothing
-- Rolling windows: one member per place taken, scored by its instant; see Limits.take.

local function count_hits(series, per_ms, now)
  return redis.call('ZCOUNT', key('hits', series), '(' .. int(now - per_ms), '+inf')
end

-- Where one rule stands for one take; `ahead` holds the slots that earlier takes of this call ask of the same series.
local function look(one, rule, now, ahead)
  local name, from = key('hits', one.series), now - rule.perMs
  local function nth(offset)
    local found = redis.call('ZRANGEBYSCORE', name, '(' .. int(from), '+inf', 'WITHSCORES', 'LIMIT', int(offset), 1)
    return tonumber(found[2])
  end
  local function holds(slot)
    local at = redis.call('ZSCORE', name, slot)
    return at and tonumber(at) > from
  end
  local used = count_hits(one.series, rule.perMs, now)
  for slot in pairs(ahead) do
    if not holds(slot) then used = used + 1 end
  end
  local oldest = nth(0)
  local stand = {
    held = ahead[one.slot] or holds(one.slot),
    usage = {
      name = rule.name,
      max = rule.max,
      perMs = rule.perMs,
      remaining = math.max(0, rule.max - used),
      resetMs = oldest and oldest + rule.perMs - now or 0,
    },
  }
  if used >= rule.max and not stand.held then
    -- The place that must leave the window before another fits.
    stand.retryAt = (nth(used - rule.max) or now) + rule.perMs
  end
  return stand
end

local function look_all(takes, now)
  local stands, asked = {}, {}
  for _, one in ipairs(takes) do
    local ahead = asked[one.series] or {}
    for _, rule in ipairs(one.rules) do stands[#stands + 1] = look(one, rule, now, ahead) end
    ahead[one.slot] = true
    asked[one.series] = ahead
  end
  return stands
end

-- One usage per rule name: several series under one rule (a person's addresses) show the fullest.
local function usages(stands)
  local list, by_name = {}, {}
  for _, stand in ipairs(stands) do
    local usage = stand.usage
    local at = by_name[usage.name]
    if not at then
      list[#list + 1] = usage
      by_name[usage.name] = #list
    elseif usage.remaining < list[at].remaining then
      list[at] = usage
    end
  end
  return list
end

-- Where the rules stand, taking nothing.
local function usage_of(takes, now)
  local stands = {}
  for _, one in ipairs(takes) do
    for _, rule in ipairs(one.rules) do stands[#stands + 1] = look(one, rule, now, {}) end
  end
  return usages(stands)
end

-- Notes a place in a series, however full it is; a slot that is there keeps its instant.
local function hit(series, slot, kept_ms, now)
  local name = key('hits', series)
  redis.call('ZREMRANGEBYSCORE', name, '-inf', int(now - kept_ms))
  redis.call('ZADD', name, 'NX', int(now), slot)
  redis.call('PEXPIRE', name, int(kept_ms))
end

-- Takes one place in every rule, or none at all.
local function take(takes, now)
  local stands = look_all(takes, now)
  local worst
  for _, stand in ipairs(stands) do
    if stand.retryAt and (not worst or stand.retryAt > worst.retryAt) then worst = stand end
  end
  if worst then
    return { kind = 'limited', name = worst.usage.name, retryAt = worst.retryAt, usage = usages(stands) }
  end
  for _, one in ipairs(takes) do
    local longest_ms = 0
    for _, rule in ipairs(one.rules) do longest_ms = math.max(longest_ms, rule.perMs) end
    hit(one.series, one.slot, longest_ms, now)
  end
  for _, stand in ipairs(stands) do
    if not stand.held then
      stand.usage.remaining = stand.usage.remaining - 1
      if stand.usage.resetMs == 0 then stand.usage.resetMs = stand.usage.perMs end
    end
  end
  return { kind = 'taken', usage = usages(stands) }
end

local function give_back(series, slot)
  for _, one in ipairs(series) do redis.call('ZREM', key('hits', one), slot) end
end

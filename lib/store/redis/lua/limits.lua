-- needs: nothing
-- Rolling windows; see Limits.take. A series is listed in one value, [instant, slot, instant, slot …], oldest first, one pair
-- per place taken. One with a rule of more than POLICY.countedFrom places is counted in a hash, start of a second → places
-- taken in it: they leave with the whole second and belong to nobody. Its fields `sum` and `oldest` are made anew by the
-- first place of each second, so that the others need not read all of them.

-- What is stored of each series, read once a script.
local windows, ticks = {}, {}

local function is_counted(rules)
  for _, rule in ipairs(rules) do
    if rule.max > POLICY.countedFrom then return true end
  end
  return false
end

-- The pairs of a listed series.
local function window(series)
  if not windows[series] then
    local text = redis.call('GET', key('hits', series))
    windows[series] = text and cjson.decode(text) or {}
  end
  return windows[series]
end

-- The pairs of a counted one, in no order.
local function ticks_of(series)
  if not ticks[series] then
    local found, list = redis.call('HGETALL', key('ticks', series)), {}
    for at = 1, #found, 2 do
      local second = tonumber(found[at])
      if second then list[#list + 1], list[#list + 2] = second, tonumber(found[at + 1]) end
    end
    ticks[series] = list
  end
  return ticks[series]
end

local function store_window(series, list, until_at)
  windows[series] = list
  write(key('hits', series), list, until_at)
end

-- How many values of a list are out of a window of so many ms: the first one that counts stands behind them.
local function gone_from(list, per_ms, now)
  local from, at = now - per_ms, 1
  while list[at] and list[at] <= from do at = at + 2 end
  return at - 1
end

local function count_hits(series, per_ms, now)
  local list = window(series)
  return (#list - gone_from(list, per_ms, now)) / 2
end

-- Where one rule of a listed series stands: how many places are used, which slots have one, when the oldest leaves, and
-- when there is one again.
local function look_listed(one, rule, now, ahead)
  local list, held = window(one.series), {}
  local first = gone_from(list, rule.perMs, now) + 1
  local used = (#list - first + 1) / 2
  for at = first + 1, #list, 2 do held[list[at]] = true end
  local is_held = held[one.slot]
  for _, slot in ipairs(ahead) do
    if not held[slot] then used = used + 1 end
    held[slot], is_held = true, is_held or slot == one.slot
  end
  local leaves = list[first] and list[first] + rule.perMs
  local place = used >= rule.max and list[first + 2 * (used - rule.max)]
  return used, is_held, leaves, place and place + rule.perMs
end

-- The same of one that is counted.
local function look_counted(one, rule, now, ahead)
  local life_ms = rule.perMs + POLICY.secondMs
  local from, used, oldest = now - life_ms, #ahead, math.huge
  if #one.rules == 1 then
    local head = redis.call('HMGET', key('ticks', one.series), 'sum', 'oldest')
    local first = tonumber(head[2])
    used = used + (tonumber(head[1]) or 0)
    if first and first > from and used < rule.max then return used, false, first + life_ms end
    used = #ahead
  end
  local list = ticks_of(one.series)
  for at = 1, #list, 2 do
    local second = list[at]
    if second > from then
      used = used + list[at + 1]
      if second < oldest then oldest = second end
    end
  end
  if used < rule.max then return used, false, oldest < math.huge and oldest + life_ms end
  local seconds, counts, over = {}, {}, used - rule.max
  for at = 1, #list, 2 do
    if list[at] > from then seconds[#seconds + 1], counts[list[at]] = list[at], list[at + 1] end
  end
  table.sort(seconds)
  for _, second in ipairs(seconds) do
    over = over - counts[second]
    if over < 0 then return used, false, oldest + life_ms, second + life_ms end
  end
  return used, false, oldest < math.huge and oldest + life_ms
end

-- Where one rule stands for one take; `ahead` lists the slots that earlier takes of this call ask of the same series.
local function look(one, rule, now, ahead)
  local counted = is_counted(one.rules)
  local used, held, leaves, free_at = (counted and look_counted or look_listed)(one, rule, now, ahead)
  local stand = {
    held = held,
    -- What the reset is once a place is taken in an empty window.
    firstMs = counted and rule.perMs + POLICY.secondMs - now % POLICY.secondMs or rule.perMs,
    usage = {
      name = rule.name,
      max = rule.max,
      perMs = rule.perMs,
      remaining = math.max(0, rule.max - used),
      resetMs = leaves and leaves - now or 0,
    },
  }
  -- The place that must leave the window before another fits.
  if used >= rule.max and not held then stand.retryAt = free_at or now + rule.perMs end
  return stand
end

local function look_all(takes, now)
  local stands, asked = {}, {}
  for _, one in ipairs(takes) do
    local ahead = asked[one.series] or {}
    for _, rule in ipairs(one.rules) do stands[#stands + 1] = look(one, rule, now, ahead) end
    ahead[#ahead + 1] = one.slot
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
  local list, kept = window(series), {}
  for at = gone_from(list, kept_ms, now) + 1, #list, 2 do
    if list[at + 1] == slot then return end
    kept[#kept + 1] = list[at]
    kept[#kept + 1] = list[at + 1]
  end
  -- Where its instant belongs: clocks of several machines do not agree to the ms.
  local place = #kept + 1
  while place > 2 and kept[place - 2] > now do place = place - 2 end
  table.insert(kept, place, now)
  table.insert(kept, place + 1, slot)
  store_window(series, kept, now + kept_ms)
end

-- The same in a series that is counted. A new second clears away what has left the window, and adds up what has not.
local function tick(series, kept_ms, now)
  local name, life_ms = key('ticks', series), kept_ms + POLICY.secondMs
  ticks[series] = nil
  if redis.call('HINCRBY', name, int(now - now % POLICY.secondMs), 1) > 1 then
    try_call('HINCRBY', name, 'sum', 1)
    return
  end
  local list, gone, sum, oldest = ticks_of(series), {}, 0, math.huge
  for at = 1, #list, 2 do
    if list[at] <= now - life_ms then
      gone[#gone + 1] = int(list[at])
    else
      sum, oldest = sum + list[at + 1], math.min(oldest, list[at])
    end
  end
  expire(name, now + life_ms)
  redis.call('HSET', name, 'sum', int(sum), 'oldest', int(oldest))
  if #gone > 0 then try_call('HDEL', name, unpack(gone)) end
  ticks[series] = nil
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
    if is_counted(one.rules) then
      tick(one.series, longest_ms, now)
    else
      hit(one.series, one.slot, longest_ms, now)
    end
  end
  for _, stand in ipairs(stands) do
    if not stand.held then
      stand.usage.remaining = stand.usage.remaining - 1
      if stand.usage.resetMs == 0 then stand.usage.resetMs = stand.firstMs end
    end
  end
  return { kind = 'taken', usage = usages(stands) }
end

-- Returns the places a send took. Where places are counted they belong to nobody, and none comes back.
local function give_back(all, slot)
  for _, series in ipairs(all) do
    local list = window(series)
    for at = 2, #list, 2 do
      if list[at] == slot then
        table.remove(list, at)
        table.remove(list, at - 1)
        if #list == 0 then
          redis.call('DEL', key('hits', series))
        else
          redis.call('SET', key('hits', series), cjson.encode(list), 'KEEPTTL')
        end
        break
      end
    end
  end
end

-- needs: nothing
-- Rolling windows, a series in one value; see Limits.take. Listed: [instant, slot, instant, slot …], oldest first, one
-- pair per place taken. A series with a rule of more than POLICY.countedFrom places is counted: [start of a second, places
-- taken in it …]; its places leave with the whole second and belong to nobody.

-- As they are stored, decoded once a script.
local windows = {}

local function is_counted(rules)
  for _, rule in ipairs(rules) do
    if rule.max > POLICY.countedFrom then return true end
  end
  return false
end

-- The pairs of a series; those of the other form, from before a rule changed, are nobody's.
local function window(series, counted)
  local list = windows[series]
  if not list then
    local text = redis.call('GET', key('hits', series))
    list = text and cjson.decode(text) or {}
    windows[series] = list
  end
  if list[2] and (type(list[2]) == 'number') ~= counted then return {} end
  return list
end

local function store_window(series, list, until_at)
  windows[series] = list
  write(key('hits', series), list, until_at)
end

-- How many pairs are out of a window of so many ms: the first one that counts stands behind them.
local function gone_from(list, counted, per_ms, now)
  local from, at = now - per_ms - (counted and POLICY.secondMs or 0), 1
  while list[at] and list[at] <= from do at = at + 2 end
  return at - 1
end

local function count_hits(series, per_ms, now)
  local list = window(series, false)
  return (#list - gone_from(list, false, per_ms, now)) / 2
end

-- The instant at which place `n` of a window, the oldest being 0, stops counting; nil when there is none.
local function nth_leaves(list, first, counted, n, per_ms)
  for at = first, #list, 2 do
    n = n - (counted and list[at + 1] or 1)
    if n < 0 then return list[at] + per_ms + (counted and POLICY.secondMs or 0) end
  end
  return nil
end

-- Where one rule stands for one take; `ahead` lists the slots that earlier takes of this call ask of the same series.
local function look(one, rule, now, ahead)
  local counted = is_counted(one.rules)
  local list = window(one.series, counted)
  local first = gone_from(list, counted, rule.perMs, now) + 1
  local used, held = 0, {}
  for at = first, #list, 2 do
    if counted then
      used = used + list[at + 1]
    else
      used = used + 1
      held[list[at + 1]] = true
    end
  end
  local is_held = held[one.slot] and not counted
  for _, slot in ipairs(ahead) do
    if slot == one.slot and not counted then is_held = true end
    if not held[slot] then
      used = used + 1
      if not counted then held[slot] = true end
    end
  end
  local leaves = nth_leaves(list, first, counted, 0, rule.perMs)
  local stand = {
    held = is_held,
    -- What the reset is once a place is taken in an empty window.
    first_ms = counted and now - now % POLICY.secondMs + POLICY.secondMs + rule.perMs - now or rule.perMs,
    usage = {
      name = rule.name,
      max = rule.max,
      perMs = rule.perMs,
      remaining = math.max(0, rule.max - used),
      resetMs = leaves and leaves - now or 0,
    },
  }
  if used >= rule.max and not is_held then
    -- The place that must leave the window before another fits.
    stand.retryAt = nth_leaves(list, first, counted, used - rule.max, rule.perMs) or now + rule.perMs
  end
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

-- The pairs that still count in a window of so many ms, as a list of its own.
local function kept_of(list, counted, kept_ms, now)
  local kept = {}
  for at = gone_from(list, counted, kept_ms, now) + 1, #list do kept[#kept + 1] = list[at] end
  return kept
end

-- Puts a pair where its instant belongs; clocks of several machines do not agree to the ms.
local function insert_pair(list, at, value)
  local place = #list + 1
  while place > 2 and list[place - 2] > at do place = place - 2 end
  table.insert(list, place, at)
  table.insert(list, place + 1, value)
end

-- Notes a place in a series, however full it is; a slot that is there keeps its instant.
local function hit(series, slot, kept_ms, now)
  local list = kept_of(window(series, false), false, kept_ms, now)
  for at = 2, #list, 2 do
    if list[at] == slot then return end
  end
  insert_pair(list, now, slot)
  store_window(series, list, now + kept_ms)
end

-- The same in a series that is counted.
local function tick(series, kept_ms, now)
  local list, second = kept_of(window(series, true), true, kept_ms, now), now - now % POLICY.secondMs
  local found
  for at = 1, #list, 2 do
    if list[at] == second then found = at + 1 end
  end
  if found then list[found] = list[found] + 1 else insert_pair(list, second, 1) end
  store_window(series, list, now + kept_ms + POLICY.secondMs)
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
      if stand.usage.resetMs == 0 then stand.usage.resetMs = stand.first_ms end
    end
  end
  return { kind = 'taken', usage = usages(stands) }
end

-- Returns the places a send took. Where places are counted they belong to nobody, and none comes back.
local function give_back(all, slot)
  for _, series in ipairs(all) do
    local list = window(series, false)
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

-- needs: change, breaker
-- Rows behind a provider's open breaker: one of them is woken to probe, the others wait for what it finds out.

-- The row's own end, which must not pass unnoticed.
local function end_of(row)
  return math.min(row.startBy or math.huge, row.giveUpAt) + 1
end

-- `due_at`, or when the first of the candidates may be called again: before that, a wake would be for nothing.
local function not_before(row, candidates, due_at)
  return math.max(due_at, math.min(opens_at(candidates, is_urgent(row)), end_of(row)))
end

-- The row that will probe, while it is alive, not behind another breaker itself, and woken soon after `at`.
local function prober_of(found, at)
  local row = found.prober and message(found.prober)
  if not row or not row.wakeAt or row.behind then return nil end
  return row.wakeAt <= at + POLICY.breaker.proberLateMs and row.id or nil
end

-- Puts the row behind the breaker; answers its wake when it is the one that will probe.
local function put_behind(row, provider, open_at, now)
  local end_at = end_of(row)
  local found = breaker(provider)
  local prober = prober_of(found, open_at)
  if prober and prober ~= row.id then
    if not found.waiting then
      found.waiting = 1
      write(key('breaker', provider), found)
    end
    wait_behind(row, provider, math.min(open_at, end_at), end_at)
    return { id = row.id, why = 'behind', dueAt = row.dueAt }
  end
  if found.prober ~= row.id then
    found.prober = row.id
    write(key('breaker', provider), found)
  end
  local later = queue(row, math.min(open_at, end_at), now)
  later.why = 'later'
  return later
end

-- After a success of the provider: the next few rows behind its breaker, if that is closed, are due now. `mark` names the
-- call, so that one that is repeated after it was refused half way is told the same rows.
local function release_behind(provider, mark, now, max)
  local found = breaker(provider)
  if not found or not found.waiting or found.openUntil then return {} end
  local ids = redis.call('ZRANGE', key('behind', provider), 0, int(max))
  local released = {}
  for _, id in ipairs(ids) do
    local row = message(id)
    if row and row.status == 'queued' and #released < max then
      if row.behind == provider then
        change(row, { releasedBy = mark })
        released[#released + 1] = queue(row, now, now)
      elseif row.releasedBy == mark then
        released[#released + 1] = waiting(row)
      end
    end
    if not row or row.behind ~= provider and row.releasedBy ~= mark then
      try_call('ZREM', key('behind', provider), id)
    end
  end
  if #ids <= max then
    found.waiting = nil
    write(key('breaker', provider), found)
  end
  return released
end

local function probe_next(provider, found, now)
  local next_row
  for _, id in ipairs(redis.call('ZRANGE', key('behind', provider), 0, 0)) do next_row = message(id) end
  local probes = next_row and next_row.status == 'queued' and next_row.behind == provider
  found.prober, found.waiting = probes and next_row.id or nil, probes and 1 or nil
  write(key('breaker', provider), found)
  if probes then queue(next_row, now, now) end
end

-- Whether the first of those that wait is a code.
local function urgent_behind(provider)
  local row = message(redis.call('ZRANGE', key('behind', provider), 0, 0)[1] or '')
  return row and is_urgent(row)
end

-- What nobody else sets going is due now: rows behind a breaker that has closed and, where the one that should have probed
-- is gone, another one for it.
local function go_on_behind(mark, now, max)
  for _, provider in ipairs(redis.call('SMEMBERS', 'posta:breakers')) do
    local found = breaker(provider)
    if found and found.waiting then
      if not found.openUntil then
        release_behind(provider, mark, now, max)
      elseif free_at(found, urgent_behind(provider)) <= now and not prober_of(found, now) then
        probe_next(provider, found, now)
      end
    end
  end
end

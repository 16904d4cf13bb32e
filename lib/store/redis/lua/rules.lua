-- needs: nothing
-- What is decided by rule, as lib/rules has it; a test runs both over the same cases.

local STATES = POLICY.states

-- Stops a step that would break the state machine. Call it before the step writes anything.
local function must_follow(from, to)
  if from ~= to and not has(STATES.follows[from], to) then error('status: ' .. to .. ' may not follow ' .. from) end
end

local function is_open(status)
  return has(STATES.open, status)
end

-- The same for a step that ends a row; `asked`: after an attempt.
local function must_end(from, to, asked)
  if is_open(to) then error('status: ' .. to .. ' is no end') end
  if asked and has(STATES.neverAsked, to) then error('status: ' .. to .. ' is no end of an attempt') end
  must_follow(from, to)
end

local function is_dead(status)
  return has(STATES.dead, status)
end

local function has_arrived(status)
  return has(STATES.arrived, status)
end

local function was_taken(status)
  return has(STATES.taken, status)
end

local function maybe_taken(status)
  return has(STATES.maybeTaken, status)
end

local function was_never_taken(status)
  return not is_open(status) and not maybe_taken(status)
end

local function rank_of(status)
  return STATES.rank[status] or 0
end

-- The word for an end: where a provider may have it, no word may say that none has.
local function end_word(word, ambiguous)
  return ambiguous and not was_taken(word) and 'unknown' or word
end

-- Why a row can no longer be called back; nil while nothing of it can have left.
local function recall_of(status, ambiguous)
  if was_taken(status) then return 'sent' end
  if was_never_taken(status) then return 'ended' end
  if status == 'queued' and not ambiguous then return nil end
  return 'maybe'
end

-- Ms of a lock after a wrong guess, or nil when it leads to none.
local function lock_ms(wrong_in_hour, wrong_in_day, locks)
  if wrong_in_day >= POLICY.wrong.day.max then return POLICY.lockMaxMs end
  if wrong_in_hour < POLICY.wrong.lock.max then return nil end
  return math.min(POLICY.lockMaxMs, POLICY.lockBaseMs * 2 ^ locks)
end

-- Ms the next try has to wait after so many wrong ones.
local function wait_ms(rule, wrong)
  if wrong < rule.free then return 0 end
  return math.min(rule.maxMs, rule.baseMs * 2 ^ (wrong - rule.free))
end

-- Which of the due ids of each priority a worker takes: strictly by priority, but for a share that lower ones keep.
local function fair_share(due, max)
  local share = POLICY.fairShare
  local kept = max >= share.fromPlaces and math.max(1, math.floor(max / share.part)) or 0
  local reserved, places = {}, max
  for priority = 2, #due do
    for at, id in ipairs(due[priority]) do
      if at <= kept then
        reserved[id] = true
        places = places - 1
      end
    end
  end
  local chosen = {}
  for _, ids in ipairs(due) do
    for _, id in ipairs(ids) do
      if reserved[id] then
        chosen[#chosen + 1] = id
      elseif places > 0 then
        chosen[#chosen + 1] = id
        places = places - 1
      end
    end
  end
  return chosen
end

-- How many of the rows that are due nobody is about to take. `due` is by priority, highest first: { n, oldest };
-- `working` counts rows of lower priority that are under lease.
local function untaken_of(due, working, now)
  local waiting, late = 0, false
  for rank = 2, #due do
    waiting = waiting + due[rank].n
    late = late or (due[rank].oldest and due[rank].oldest <= now - POLICY.leftToWorkersMs)
  end
  if waiting == 0 then return due[1].n end
  if late or working == 0 then return due[1].n + waiting end
  return due[1].n + math.min(waiting, math.max(0, POLICY.claimMax - working))
end

-- The hour an instant is counted in, from 1970 on.
local function hour_of(at)
  return math.floor(at / POLICY.countedPerMs)
end

-- The bucket of the histogram that a duration falls into.
local function bucket_of(ms)
  for at, edge in ipairs(POLICY.bucketEdges) do
    if ms <= edge then return at - 1 end
  end
  return #POLICY.bucketEdges
end

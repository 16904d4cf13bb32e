-- needs: nothing
-- Challenges, one value each: read once a script, written where a step says so. `sends` are the ids of its rows.

local challenges = {}

local function challenge_of(id)
  if challenges[id] == nil then challenges[id] = read(key('challenge', id)) or false end
  return challenges[id] or nil
end

-- It ends by itself, so its retention is known from the start.
local function kept_until(challenge)
  return challenge.endsAt + POLICY.payloadMs
end

local function save_challenge(challenge)
  challenges[challenge.id] = challenge
  write(key('challenge', challenge.id), challenge, kept_until(challenge))
end

-- Ids of a challenge's rows, in their order, which is that of time.
local function sends_of(challenge)
  local ids = {}
  for id in string.gmatch(challenge.sends or '', '%S+') do ids[#ids + 1] = id end
  table.sort(ids)
  return ids
end

local function add_send(challenge, id)
  if not has(sends_of(challenge), id) then
    challenge.sends = challenge.sends and challenge.sends .. ' ' .. id or id
  end
end

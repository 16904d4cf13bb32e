-- needs: hours, rules
-- The audit trail, an hour's entries in one key. A member is an entry's JSON, or the name of one that is counted: its JSON
-- is then a field of `posta:failures:<hour>`.

-- The score of an entry: its instant, and behind others of the same ms.
local function place_of(name, at, member)
  local first, last = at * POLICY.placesPerMs, (at + 1) * POLICY.placesPerMs - 1
  local found = redis.call('ZREVRANGEBYSCORE', name, int(last), int(first), 'WITHSCORES', 'LIMIT', 0, 1)
  if found[1] == member then return tonumber(found[2]) end
  return found[2] and math.min(tonumber(found[2]) + 1, last) or first
end

-- As lib/rules/audit.ts has it.
local function counted_as(entry)
  return entry.kind .. ' ' .. (entry.person or '') .. ' ' .. (entry.opener or '')
end

-- Adds one to the entry that counts this one; answers its member and where it stands, or nil when nothing moves.
local function count_failure(entry, failures)
  local member = counted_as(entry)
  local text = redis.call('HGET', failures, member)
  if not text then
    local size = redis.call('HLEN', failures)
    if size >= POLICY.auditCountedMax then
      entry.person, entry.opener = nil, nil
      member = counted_as(entry)
      text = redis.call('HGET', failures, member)
    end
  end
  local found = text and decode(text)
    or { kind = entry.kind, person = entry.person, opener = entry.opener, at = entry.at, count = 0, names = {} }
  if has(found.names, entry.id) then return nil end
  table.insert(found.names, entry.id)
  if #found.names > POLICY.auditNamesMax then table.remove(found.names, 1) end
  found.count = found.count + 1
  local moves = entry.at >= found.at
  if moves then found.at, found.agent, found.ip = entry.at, entry.agent, entry.ip end
  return member, found, moves
end

-- `text` is JSON with a name of its own inside, so that noting it twice changes nothing.
local function add_audit(text)
  local entry = decode(text)
  local hour = hour_of(entry.at)
  local name, failures = key('audit', int(hour)), key('failures', int(hour))
  if not has(POLICY.countedKinds, entry.kind) then
    if not redis.call('ZSCORE', name, text) then redis.call('ZADD', name, int(place_of(name, entry.at, text)), text) end
  else
    local member, found, moves = count_failure(entry, failures)
    if moves then redis.call('ZADD', name, int(place_of(name, entry.at, member)), member) end
    -- The count comes last: it is what tells a repeat that all this is done.
    if found then redis.call('HSET', failures, member, cjson.encode(found)) end
    if redis.call('PTTL', failures) < 0 then
      expire(failures, (hour + 1) * POLICY.countedPerMs + POLICY.auditMs)
    end
  end
  keep_hour('audit', hour, POLICY.auditMs)
end

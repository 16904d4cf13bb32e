-- needs: rows, rules
-- Step: a page of records, newest first. request = ListFilter and walkMax; ids sort by time.

local f = request
local index = 'posta:messages'
if f.dead then index = 'posta:dead' end
if f.recipient then index = key('recipient', f.recipient) end
local FIELDS = { 'status', 'template', 'priority', 'channel' }

local function passes(found)
  for at, field in ipairs(FIELDS) do
    if f[field] and f[field] ~= found[at] then return false end
  end
  return not f.dead or is_dead(found[1])
end

local from = f.cursor and '(' .. f.cursor or '+'
local ids = redis.call('ZREVRANGEBYLEX', index, from, '-', 'LIMIT', 0, int(f.walkMax))
local answer = { records = {} }
local more = #ids == f.walkMax
local last
for _, id in ipairs(ids) do
  local found = redis.call('HMGET', key('message', id), 'status', 'template', 'priority', 'channel', 'createdAt')
  last = id
  if not found[1] then
    redis.call('ZREM', index, id)
  elseif f.since and tonumber(found[5]) < f.since then
    more = false
    break
  elseif passes(found) then
    table.insert(answer.records, record(message(id)))
    if #answer.records == f.limit then
      more = true
      break
    end
  end
end
answer.cursor = more and last or NULL
return cjson.encode(answer)

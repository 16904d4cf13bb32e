-- needs: rows
-- Step: what is to leave later, soonest first. request = { now, limit, at?, id? }: `at` and `id` are those of the last one of
-- the page before.

local from, after_id = request.at or clock(request.now), request.id or '~'
local found = {}

-- The next rows of one priority, walked in bounded portions: an index may name rows that are held or behind a breaker.
local function walk(priority)
  local here, offset = 0, 0
  while here <= request.limit and offset < request.walkMax do
    local flat = redis.call(
      'ZRANGEBYSCORE', key('live', priority), int(from), '+inf', 'WITHSCORES', 'LIMIT', offset, int(request.limit + 1)
    )
    for at = 1, #flat, 2 do
      local id, wakes = flat[at], tonumber(flat[at + 1])
      local row = (wakes > from or id > after_id) and message(id)
      if row and row.status == 'queued' and not row.behind then
        here = here + 1
        found[#found + 1] = row
      end
    end
    offset = offset + request.limit + 1
    if #flat < 2 * (request.limit + 1) then return end
  end
end

for _, priority in ipairs(POLICY.priorities) do walk(priority) end
table.sort(found, function(a, b)
  if a.dueAt ~= b.dueAt then return a.dueAt < b.dueAt end
  return a.id < b.id
end)
local answer, last = { records = {}, cursor = NULL }, nil
for at, row in ipairs(found) do
  if at > request.limit then
    answer.cursor = int(last.dueAt) .. ' ' .. last.id
    break
  end
  answer.records[at], last = record(row), row
end
return cjson.encode(answer)

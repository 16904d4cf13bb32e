-- needs: rows, rules
-- Step: rows back into the indexes that have lost them. request = { ids, now }. Answers how many places were missing.

local now, missing = clock(request.now), 0

for _, id in ipairs(request.ids) do
  local row = message(id)
  if row then
    local hour = listed_hour(row)
    -- An hour whose key would be gone by now lists nobody.
    if (hour + 1) * POLICY.countedPerMs + POLICY.listedMs > now then missing = missing + list_row(row, hour) end
    if row.wakeAt then
      missing = missing + redis.call('ZADD', key('live', row.priority), int(row.wakeAt), id)
      if row.unarmed and row.dueAt > now then
        missing = missing + redis.call('ZADD', 'posta:unarmed', int(row.dueAt), id)
      end
    elseif is_dead(row.status) then
      missing = missing + list_dead(row)
    end
  end
end
return missing

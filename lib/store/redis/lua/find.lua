-- needs: rows
-- Step: records by id. request = { ids }. Answers one for each of them, null where there is none.

local found = {}
for at, id in ipairs(request.ids) do
  local row = message(id)
  found[at] = row and record(row) or NULL
end
return cjson.encode(found)

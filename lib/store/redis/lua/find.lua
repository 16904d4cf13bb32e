-- needs: rows
-- Step: one record. request = { id }. Answers null when there is none.

local row = message(request.id)
return row and cjson.encode(record(row)) or nil

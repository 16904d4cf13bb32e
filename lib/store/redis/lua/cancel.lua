-- needs: change, refusal, answers
-- Step: ending a queued, unambiguous row. request = { id, now }

local before = told()
if before then return before end
local row = message(request.id)
local no = refusal(row)
if no then return cjson.encode(no) end
finish(row, 'cancelled', nil, clock(request.now))
return tell({ kind = 'cancelled' })

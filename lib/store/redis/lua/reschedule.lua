-- needs: change, refusal, answers
-- Step: moving a queued row that was never tried. request = { id, dueAt, now }

local before = told()
if before then return before end
local row = message(request.id)
local no = refusal(row)
if no then return cjson.encode(no) end
if row.attempt > 0 then return '{"kind":"maybe"}' end
change(row, { firstDueAt = request.dueAt, giveUpAt = row.giveUpAt + request.dueAt - row.dueAt })
local answer = queue(row, request.dueAt, clock(request.now))
answer.kind = 'rescheduled'
return tell(answer)

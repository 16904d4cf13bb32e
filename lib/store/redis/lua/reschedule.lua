-- needs: change, refusal
-- Step: moving a queued row that was never tried. request = { id, dueAt, now }

local now, row = clock(request.now), message(request.id)
if row and row.toldTo == ARGV[2] then return row.told end
local no = refusal(row)
if no then return cjson.encode(no) end
if row.attempt > 0 then return '{"kind":"maybe"}' end
change(row, { firstDueAt = request.dueAt, giveUpAt = row.giveUpAt + request.dueAt - row.dueAt })
local answer = queue(row, request.dueAt, now)
answer.kind = 'rescheduled'
return tell_with(row, answer, now)

-- needs: change, refusal
-- Step: ending a queued, unambiguous row. request = { id, now }

local now, row = clock(request.now), message(request.id)
if row and row.toldTo == ARGV[2] then return row.told end
local no = refusal(row)
if no then return cjson.encode(no) end
finish(row, 'cancelled', nil, now)
return tell_with(row, { kind = 'cancelled' }, now)

-- needs: replaying
-- Step: queueing a dead row again. request = { id, force, giveUpAt, now }

local now = clock(request.now)
local row = message(request.id)
if row and row.toldTo == ARGV[2] then return row.told end
local answer = replay_one(row, request.force, request.giveUpAt, now)
if answer.kind ~= 'replayed' then return cjson.encode(answer) end
return tell_with(row, answer, now)

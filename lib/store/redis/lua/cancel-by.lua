-- needs: cancelling, answers
-- Step: ending what its caller calls by one name. request = { name, now }

local before = told()
if before then return before end
local now = clock(request.now)
local answers = cancel_linked(request.name, now)
local text = #answers > 0 and tell(answers, now) or cjson.encode(answers)
store(now)
return text

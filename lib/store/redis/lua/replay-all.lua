-- needs: replaying, answers
-- Step: queueing many dead rows again, each by itself. request = { rows = [{ id, giveUpAt }], force, now }

local before = told()
if before then return before end
local now, answers = clock(request.now), {}
for at, asked in ipairs(request.rows) do
  local answer = replay_one(message(asked.id), request.force, asked.giveUpAt, now)
  answer.id = asked.id
  answers[at] = answer
end
local text = tell(answers, now)
store(now)
return text

-- needs: change, refusal, answers
-- Step: ending what its caller calls by one name. request = { name, max, now }

local before = told()
if before then return before end
local now, answers = clock(request.now), {}
for at, id in ipairs(redis.call('ZREVRANGEBYLEX', key('link', request.name), '+', '-', 'LIMIT', 0, int(request.max))) do
  local row = message(id)
  local answer = refusal(row)
  if not answer then
    finish(row, 'cancelled', nil, now)
    answer = { kind = 'cancelled' }
  end
  answer.id = id
  answers[at] = answer
end
local text = #answers > 0 and tell(answers, now) or cjson.encode(answers)
store(now)
return text

-- needs: nothing
-- Answers kept under the name of their call: a repeat after a lost answer is told the first one.

-- The answer this very call was given before, when its first answer got lost; false otherwise.
local function told()
  return redis.call('GET', key('answer', ARGV[2]))
end

-- Keeps an answer for a repeat of this call, and returns it.
local function tell(answer)
  local text = cjson.encode(answer)
  redis.call('SET', key('answer', ARGV[2]), text, 'PX', int(POLICY.answerMs))
  return text
end

-- needs: nothing
-- Answers kept under the name of their call: a repeat after a lost answer is told the first one.

-- The answer this very call was given before, when its first answer got lost; false otherwise.
local function told()
  return redis.call('GET', key('answer', ARGV[2]))
end

-- Keeps an answer for a repeat of this call, and returns it.
local function tell(answer, now)
  local text = cjson.encode(answer)
  write_text(key('answer', ARGV[2]), text, now + POLICY.answerMs)
  return text
end

-- needs: change, refusal
-- Ending what its caller calls by one name.

local function cancel_linked(name, now)
  local answers = {}
  for at, id in ipairs(redis.call('ZREVRANGEBYLEX', key('link', name), '+', '-', 'LIMIT', 0, POLICY.cancelledByMax)) do
    local row = message(id)
    local answer = refusal(row)
    if not answer then
      finish(row, 'cancelled', nil, now)
      answer = { kind = 'cancelled' }
    end
    answer.id = id
    answers[at] = answer
  end
  return answers
end

-- needs: limits, rules
-- Step: one try, counted as wrong before it is judged. request = Throttle; ARGV[2] is its token.

local now, name = clock(request.now), key('throttle', request.series)
local found = read(name) or { wrong = 0, at = 0, untilAt = 0 }
-- The answer stands with the count, so that a repeat of the last try finds both.
if found.token == ARGV[2] then return found.answer end
local taken = take(request.takes, now)
if taken.kind == 'limited' then return cjson.encode(taken) end
local rule = request.rule
if found.untilAt > now then
  return cjson.encode({ kind = 'limited', name = rule.name, retryAt = found.untilAt, usage = taken.usage })
end
local wrong = (now - math.max(found.at, found.untilAt) < rule.forgetMs and found.wrong or 0) + 1
local until_at, answer = now + wait_ms(rule, wrong), cjson.encode(taken)
write(name, { wrong = wrong, at = now, untilAt = until_at, token = ARGV[2], answer = answer }, until_at + rule.forgetMs)
return answer

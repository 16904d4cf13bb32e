-- needs: limits, answers, rules
-- Step: one try, counted as wrong before it is judged. request = Throttle; ARGV[2] is its token.

local function try(now)
  local taken = take(request.takes, now)
  if taken.kind == 'limited' then return taken end
  local rule, name = request.rule, key('throttle', request.series)
  local found = read(name) or { wrong = 0, at = 0, untilAt = 0 }
  if found.untilAt > now then
    return { kind = 'limited', name = rule.name, retryAt = found.untilAt, usage = taken.usage }
  end
  local wrong = (now - math.max(found.at, found.untilAt) < rule.forgetMs and found.wrong or 0) + 1
  local ms = wait_ms(rule, wrong)
  write(name, { wrong = wrong, at = now, untilAt = now + ms }, now + ms + rule.forgetMs)
  return taken
end

local now = clock(request.now)
return told() or tell(try(now), now)

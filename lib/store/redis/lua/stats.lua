-- needs: breaker, figures, hours, rules
-- Step: figures. request = { now, hours }: totals of all time, and the sum of the last hours.

local now = clock(request.now)
local hour = hour_of(now)
local answer = { totals = add_figures({}, key('stats', 'total')), recent = {}, breakers = {}, depth = 0, dead = 0 }
-- One hour more, for clocks that are ahead.
for one = totals_until(now) + 1, hour + 1 do add_figures(answer.totals, key('stats', int(one))) end
for back = 0, request.hours - 1 do add_figures(answer.recent, key('stats', int(hour - back))) end
for _, priority in ipairs(POLICY.priorities) do
  answer.depth = answer.depth + redis.call('ZCARD', key('live', priority))
end
for _, one in ipairs(redis.call('ZRANGE', hours_of('dead'), 0, -1)) do
  answer.dead = answer.dead + redis.call('ZCARD', key('dead', one))
end
answer.breakers = breakers_of(now)
answer.sweptAt = tonumber(redis.call('GET', 'posta:swept') or '') or NULL
return cjson.encode(answer)

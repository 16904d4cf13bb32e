-- needs: breaker, rules
-- Step: figures. request = { now, hours }: totals of all time, and the sum of the last hours.

local hour = hour_of(clock(request.now))

local function add(sums, name)
  local flat = redis.call('HGETALL', name)
  for at = 1, #flat, 2 do sums[flat[at]] = (sums[flat[at]] or 0) + tonumber(flat[at + 1]) end
  return sums
end

local answer = { totals = add({}, key('stats', 'total')), recent = {}, breakers = {}, depth = 0 }
for back = 0, request.hours - 1 do add(answer.recent, key('stats', int(hour - back))) end
for _, priority in ipairs(POLICY.priorities) do
  answer.depth = answer.depth + redis.call('ZCARD', key('live', priority))
end
answer.dead = redis.call('ZCARD', 'posta:dead')
for _, provider in ipairs(redis.call('SMEMBERS', 'posta:breakers')) do
  local found = breaker(provider)
  if found then
    table.insert(answer.breakers, {
      provider = provider,
      state = breaker_state(found.openUntil, clock(request.now)),
      failures = found.failures,
      openUntil = found.openUntil or NULL,
    })
  end
end
return cjson.encode(answer)

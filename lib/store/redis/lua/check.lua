-- needs: change, effect, trail, rules
-- Step: judging one guess. request = Check; ARGV[2] is its token. Proof is { link = channel } or { macs = [] }.

local function close(challenge, status, now)
  challenge.status = status
  close_messages(challenge, now)
end

-- The locks of a series, but for one that this very call made before it was refused half way: how many there are, and when
-- the last of them ends.
local function locks_of(series)
  local flat, count, until_at = redis.call('ZRANGE', key('locks', series), 0, -1, 'WITHSCORES'), 0, 0
  for at = 1, #flat, 2 do
    if flat[at] ~= ARGV[2] then count, until_at = count + 1, math.max(until_at, tonumber(flat[at + 1])) end
  end
  return count, until_at
end

local function lock(series, person, challenge, origin, now)
  local wrong, max_ms = POLICY.wrong, POLICY.lockMaxMs
  local name = key('locks', series)
  -- A lock that has ended still counts towards the length of the next one for a day.
  redis.call('ZREMRANGEBYSCORE', name, '-inf', int(now - max_ms))
  local hour, day = count_hits(series, wrong.lock.perMs, now), count_hits(series, wrong.day.perMs, now)
  local ms = lock_ms(hour, day, (locks_of(series)))
  if not ms then return end
  redis.call('ZADD', name, int(now + ms), ARGV[2])
  expire(name, now + 2 * max_ms)
  add_audit(cjson.encode({
    at = now,
    kind = 'code_locked',
    person = person,
    opener = challenge.opener,
    agent = origin and origin.agent or NULL,
    ip = origin and origin.ip or NULL,
    id = ARGV[2],
  }))
end

local function judge_wrong(challenge, persons, c, now, usage)
  local failures = challenge.failures + 1
  challenge.failures = failures
  if c.wrong then take({ c.wrong }, now) end
  for _, person in ipairs(persons) do
    local series = 'wrong:' .. challenge.opener .. ':' .. person
    hit(series, c.token, POLICY.wrong.day.perMs, now)
    lock(series, person, challenge, c.origin, now)
  end
  if failures >= POLICY.guessesMax and challenge.status == 'pending' then close(challenge, 'failed', now) end
  return { kind = 'wrong', triesLeft = POLICY.guessesMax - failures, usage = usage }
end

local function approve(challenge, channel, now, usage)
  local again = challenge.status == 'approved'
  if not again then
    close(challenge, 'approved', now)
    end_sessions(challenge, now)
  end
  return { kind = 'approved', channel = channel, again = again, usage = usage }
end

-- An answer as it is told; what its challenge knows anyway is not kept twice.
local function told_of(challenge, answer)
  if answer.kind == 'approved' then
    answer.purpose, answer.subject, answer.sealed = challenge.purpose, challenge.subject or NULL, challenge.sealed
  end
  return cjson.encode(answer)
end

local function judge(challenge, c, now)
  if c.bearer and revoked(c.bearer, now) then return { kind = 'revoked', usage = {} } end
  local taken = take(c.takes, now)
  if taken.kind == 'limited' then return taken end
  local usage = taken.usage
  if not challenge or challenge.audience ~= c.audience or challenge.effect ~= c.effect then
    return { kind = 'missing', usage = usage }
  end
  local channel = c.proof.link
  -- Whoever opened a challenge can use up its guesses, but not the link in the mail of the person it was opened for.
  local guessable = channel or challenge.failures < POLICY.guessesMax
  if settled(challenge) or not guessable or now >= challenge.codeExpiresAt then return { kind = 'over', usage = usage } end
  if not channel then
    if c.wrong then
      for _, one in ipairs(usage_of({ c.wrong }, now)) do
        if one.remaining == 0 then
          return { kind = 'limited', name = one.name, retryAt = now + one.resetMs, usage = usage }
        end
      end
    end
    local persons, until_at = decode(challenge.persons), 0
    for _, person in ipairs(persons) do
      local _, last = locks_of('wrong:' .. challenge.opener .. ':' .. person)
      until_at = math.max(until_at, last)
    end
    if until_at > now then return { kind = 'locked', ['until'] = until_at, usage = usage } end
    for _, pair in ipairs(decode(challenge.macs)) do
      if not channel and has(c.proof.macs, pair[2]) then channel = pair[1] end
    end
    if not channel then return judge_wrong(challenge, persons, c, now, usage), true end
  end
  return approve(challenge, channel, now, usage), true
end

local now = clock(request.now)
local challenge = challenge_of(request.id)
if challenge and challenge.lastToken == ARGV[2] then return told_of(challenge, cjson.decode(challenge.lastAnswer)) end
local answer, judged = judge(challenge, request, now)
if not judged then return cjson.encode(answer) end
-- The answer stands with what it says was done, so that a repeat finds both or neither.
challenge.lastToken, challenge.lastAnswer = ARGV[2], cjson.encode(answer)
store(now)
save_challenge(challenge)
return told_of(challenge, answer)

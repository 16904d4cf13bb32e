-- needs: sessions
-- Step: a person's live families, newest first. request = { userId, max, now }

local now, answer = clock(request.now), {}
for _, id in ipairs(redis.call('ZREVRANGE', key('sessions', request.userId), 0, int(request.max - 1))) do
  local session = session_of(id)
  if session and not session_over(session, now) then
    answer[#answer + 1] = {
      id = id,
      createdAt = session.createdAt,
      turnedAt = session.turnedAt,
      endsAt = session_end(session),
      agent = session.agent or NULL,
      ip = session.ip or NULL,
    }
  end
end
return cjson.encode(answer)

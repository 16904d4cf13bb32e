-- needs: rows, effect
-- Step: a challenge and its deliveries. request = { id }, or { subject, effect, now, max } for the newest of a user that
-- a code can still be right for. Answers null when there is none.

local function newest(subject, effect, now)
  for _, id in ipairs(redis.call('ZREVRANGE', key('subject', subject), 0, int(request.max - 1))) do
    local found = challenge_of(id)
    if found and found.effect == effect and now < found.codeExpiresAt and found.status ~= 'failed'
      and not settled(found)
    then
      return id
    end
  end
end

local id = request.id or newest(request.subject, request.effect, clock(request.now))
local challenge = id and challenge_of(id)
if not challenge then return nil end
local deliveries = {}
for _, message_id in ipairs(sends_of(challenge)) do
  local row = message(message_id)
  if row then deliveries[#deliveries + 1] = { channel = row.channel, messageId = message_id, status = row.status } end
end
challenge.lastAnswer = nil
return cjson.encode({ challenge = challenge, deliveries = deliveries })

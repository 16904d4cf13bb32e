-- Step: a challenge and its deliveries. request = { id }. Answers null when there is none.

local challenge = read_hash(key('challenge', request.id), { 'codeExpiresAt', 'endsAt', 'resendAt', 'createdAt' })
if not challenge then return nil end
local deliveries = {}
for _, id in ipairs(ids_in(key('sends', request.id))) do
  local row = message(id)
  if row then deliveries[#deliveries + 1] = { channel = row.channel, messageId = id, status = row.status } end
end
return cjson.encode({ challenge = challenge, deliveries = deliveries })

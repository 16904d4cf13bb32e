-- needs: trail, effect
-- Step: the effect of an approved challenge is done. request = { id, now, audit = JSON text }

local name, now = key('challenge', request.id), clock(request.now)
local challenge = read_hash(name, { 'confirmedAt' })
if challenge and challenge.status == 'approved' and not settled(challenge) then
  write_hash(name, challenge, { confirmedAt = now })
  end_sessions(challenge, now)
  if request.audit then add_audit(request.audit) end
end
return 1

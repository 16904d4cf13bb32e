-- needs: trail, effect, challenges
-- Step: the effect of an approved challenge is done. request = { id, now, audit = JSON text }

local now = clock(request.now)
local challenge = challenge_of(request.id)
if challenge and challenge.status == 'approved' and not settled(challenge) then
  if request.audit then add_audit(request.audit) end
  end_sessions(challenge, now)
  challenge.confirmedAt = now
  save_challenge(challenge)
end
return 1

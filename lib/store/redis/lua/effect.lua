-- needs: sessions
-- What an approval leads to: until its effect is confirmed, a challenge is not over.

-- Approved, and nothing left to be done for it.
local function settled(challenge)
  return challenge.status == 'approved' and (not challenge.effect or challenge.confirmedAt)
end

local function end_sessions(challenge, now)
  if challenge.effect == 'reset' and challenge.subject then bump_epoch(challenge.subject, now) end
end

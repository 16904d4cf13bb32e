-- needs: sessions
-- Step: ending all of a person's families but one. request = { userId, now, except = id or nil }

local now = clock(request.now)
local session = request.except and session_of(request.except)
local kept = session and session.userId == request.userId and not session_over(session, now)
local epoch = bump_epoch(request.userId, now)
-- Carried into the new epoch, as if it had been opened after the others ended.
if kept then write_session(session, { epoch = epoch }) end
return 1

-- needs: sessions
-- Step: ending one family. request = { id, by = { userId } or { nonce }, now }

local session, by = session_of(request.id), request.by
if not session then return '"missing"' end
if by.userId and by.userId ~= session.userId or by.nonce and by.nonce ~= session.nonce then return '"missing"' end
end_session(session, clock(request.now))
return '"revoked"'

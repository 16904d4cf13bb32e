-- needs: trail, sessions
-- Step: opening a family. request = { session = NewSession, clears, now, audit = JSON text }

local session = request.session
local now = clock(request.now)
if not session_of(session.id) then
  if stale(session) then return '{"kind":"over"}' end
  if request.audit then add_audit(request.audit) end
  for _, series in ipairs(request.clears) do redis.call('DEL', key('throttle', series)) end
  insert_session(session, now)
end
return '{"kind":"opened"}'

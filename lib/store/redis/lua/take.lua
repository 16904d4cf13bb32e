-- needs: limits, sessions
-- Step: places in several windows, all or none. request = { takes, now, bearer = whose session must be live, or nil }

local now = clock(request.now)
if request.bearer and revoked(request.bearer, now) then return '{"kind":"revoked","usage":[]}' end
return cjson.encode(take(request.takes, now))

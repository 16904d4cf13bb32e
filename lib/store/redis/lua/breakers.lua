-- needs: breaker
-- Step: breakers that remember something. request = { now }

return cjson.encode(breakers_of(clock(request.now)))

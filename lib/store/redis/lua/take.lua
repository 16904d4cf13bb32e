-- Step: places in several windows, all or none. request = { takes, now }

return cjson.encode(take(request.takes, clock(request.now)))

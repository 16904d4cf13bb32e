-- needs: nothing
-- Step: forgetting the tries of a series. request = { series }

redis.call('DEL', key('throttle', request.series))
return 1

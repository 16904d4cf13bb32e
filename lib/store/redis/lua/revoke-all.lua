-- Step: ending all of a person's families. request = { userId, now }

bump_epoch(request.userId, clock(request.now))
return 1

-- needs: nothing
-- Step: the newest audit entries. request = { limit }: their JSON texts, newest first.

return cjson.encode(redis.call('ZREVRANGE', 'posta:audit', 0, int(request.limit - 1)))

-- needs: nothing
-- Step: the feed. request = { seq, limit }: [[entry id, [field, value, ...]]], oldest first.

return cjson.encode(redis.call('XRANGE', 'posta:events', int(request.seq + 1) .. '-0', '+', 'COUNT', int(request.limit)))

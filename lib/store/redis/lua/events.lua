-- needs: nothing
-- Step: the feed. request = { seq, limit }: { entries = [[entry id, [field, value, ...]]], oldest first, behind }.

local seq, feed = request.seq, 'posta:events'
local first = redis.call('XRANGE', feed, '-', '+', 'COUNT', 1)[1]
local first_seq = first and tonumber(string.match(first[1], '^%d+'))
return cjson.encode({
  entries = redis.call('XRANGE', feed, int(seq + 1) .. '-0', '+', 'COUNT', int(request.limit)),
  behind = seq > 0 and (not first_seq or first_seq > seq),
})

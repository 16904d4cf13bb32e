-- needs: hours
-- Step: the newest audit entries. request = { limit }: their JSON texts, newest first.

local answer = {}
for _, hour in ipairs(redis.call('ZREVRANGE', hours_of('audit'), 0, -1)) do
  if #answer >= request.limit then break end
  for _, member in ipairs(redis.call('ZREVRANGE', key('audit', hour), 0, int(request.limit - #answer - 1))) do
    local listed = string.sub(member, 1, 1) == '{'
    answer[#answer + 1] = listed and member or redis.call('HGET', key('failures', hour), member) or nil
  end
end
return cjson.encode(answer)

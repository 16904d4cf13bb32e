-- needs: figures
-- Step: figures hour by hour, oldest first. request = { hours, now }

local answer, last = {}, hour_of(clock(request.now))
for hour = last - request.hours + 1, last + 1 do
  local counts = add_figures({}, key('stats', int(hour)))
  if next(counts) then answer[#answer + 1] = { hour = hour, counts = counts } end
end
return cjson.encode(answer)

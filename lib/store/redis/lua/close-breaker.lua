-- needs: behind, answers
-- Step: an operator's word that a provider is well again. request = { provider, now }

local before = told()
if before then return before end
local now = clock(request.now)
local found = breaker(request.provider)
local closed = found ~= nil and found.openUntil ~= nil
if closed then forget_breaker(request.provider, found) end
local released = {}
local prober = closed and found.prober and message(found.prober)
if prober and prober.status == 'queued' and prober.dueAt > now then released[1] = queue(prober, now, now) end
for _, one in ipairs(release_behind(request.provider, 'close ' .. ARGV[2], now, POLICY.breaker.releasedAtOnce)) do
  released[#released + 1] = one
end
local text = tell({ closed = closed, released = released }, now)
store(now)
return text

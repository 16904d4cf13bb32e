-- needs: change, rules
-- Step: what a provider told later. request = Report. Answers 1, or 0 when the message is unknown.

local r = request
local now = clock(r.now)
local row = message(r.messageId)
if not row then return 0 end
if row.seen and has(row.seen, r.eventId) then return 1 end
local status = STATES.reported[r.type]
local lifts = status and rank_of(status) > rank_of(row.status)
-- Before the first write: a state that may not be is refused whole.
if lifts then must_follow(row.status, status) end
add_event(row, r.type, r.provider, now, r.eventId)
if lifts then
  if not was_taken(row.status) then count_sent(row, r.provider, now) end
  if row.endedAt then
    lift(row, status, now)
  else
    local token, lease_until, intent = row.leaseToken, row.leaseUntil, row.intent
    end_as(row, status, now)
    -- A worker still under way may put its attempt on record: it keeps its lease, not its say over the status.
    if token then change(row, { leaseToken = token, leaseUntil = lease_until, intent = intent }) end
  end
end
store(now, row)
return 1

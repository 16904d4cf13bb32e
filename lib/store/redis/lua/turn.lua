-- needs: sessions, answers
-- Step: turning a family. request = Turn; ARGV[2] is its token.

local before = told()
if before then return before end
local now = clock(request.now)
local session = session_of(request.id)
if not session or session.nonce ~= request.nonce or session_over(session, now) then return '{"kind":"over"}' end
local what = turn_of(session, request.n, now)
if what == 'over' then return '{"kind":"over"}' end
if what == 'next' then
  write_session(session, { n = session.n + 1, turnedAt = now })
elseif what == 'reused' then
  end_session(session, now)
  return tell({ kind = 'reused', userId = session.userId }, now)
end
return cjson.encode({ kind = 'turned', n = session.n, userId = session.userId })

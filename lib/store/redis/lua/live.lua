-- needs: sessions
-- Step: whether a bearer's session is live. request = { bearer, now }. Answers 1 or 0.

return revoked(request.bearer, clock(request.now)) and 0 or 1

-- needs: sessions
-- Step: whether all of a person's sessions were ended at an instant or later. request = { userId, at }. Answers 1 or 0.

return request.at <= epoch_of(request.userId) and 1 or 0

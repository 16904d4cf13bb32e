-- needs: trail
-- Step: one audit entry. request = { entry }: JSON text with the call's own name inside.

add_audit(request.entry)
return 1

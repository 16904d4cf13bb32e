-- needs: rules
-- Why a row can no longer be called back; nil while nothing of it can have left.

local function refusal(row)
  if not row then return { kind = 'missing' } end
  if was_taken(row.status) then return { kind = 'sent', status = row.status } end
  if row.status == 'sending' or row.status == 'unknown' then return { kind = 'maybe' } end
  if row.status ~= 'queued' then return { kind = 'ended', status = row.status } end
  return row.ambiguous == 1 and { kind = 'maybe' } or nil
end

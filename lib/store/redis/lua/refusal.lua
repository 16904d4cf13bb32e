-- needs: nothing
-- Why a row can no longer be called back; nil while nothing of it can have left.

local SENT = { 'sent', 'delivered', 'bounced', 'complained' }

local function refusal(row)
  if not row then return { kind = 'missing' } end
  if has(SENT, row.status) then return { kind = 'sent', status = row.status } end
  if row.status == 'sending' or row.status == 'unknown' then return { kind = 'maybe' } end
  if row.status ~= 'queued' then return { kind = 'ended', status = row.status } end
  return row.ambiguous == 1 and { kind = 'maybe' } or nil
end

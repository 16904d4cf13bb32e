-- needs: rules
-- Why a row can no longer be called back; nil while nothing of it can have left.

local function refusal(row)
  if not row then return { kind = 'missing' } end
  local kind = recall_of(row.status, row.ambiguous == 1)
  if not kind then return nil end
  return { kind = kind, status = kind ~= 'maybe' and row.status or nil }
end

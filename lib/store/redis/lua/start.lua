-- needs: lease
-- Which rows of an admission start at once: those that are due, by priority, as many as its caller can start.

local function candidates_of(groups, answers)
  local found = {}
  for at, answer in ipairs(answers) do
    if answer.kind == 'admitted' or answer.kind == 'hastened' then
      for _, id in ipairs(answer.kind == 'hastened' and { answer.id } or answer.ids) do
        local row = message(id)
        if row and not row.endedAt then
          local rank = rank_of_priority(row.priority)
          table.insert(found, { row = row, group = groups[at], answer = answer, rank = rank, place = #found })
        end
      end
    end
  end
  return found
end

-- As its own lease says, or that of this very call before.
local function is_held(one)
  return one.group.claim and one.row.leaseToken == one.group.claim.token
end

-- A later stage waits for its earlier one, unless a resend has hastened it.
local function may_start(one)
  return one.row.status == 'queued' and one.row.dueAt <= one.group.now
    and (not one.row.after or one.answer.kind == 'hastened')
end

-- Claims what is due and may start where a lease was given; the rest waits for its wake. Fills the answers in.
local function start_first(groups, answers)
  local candidates, places = candidates_of(groups, answers), POLICY.claimMax
  local by_priority = {}
  for at, one in ipairs(candidates) do
    by_priority[at] = one
    if is_held(one) then places = places - 1 end
  end
  table.sort(by_priority, function(a, b)
    if a.rank ~= b.rank then return a.rank < b.rank end
    return a.place < b.place
  end)
  for _, one in ipairs(by_priority) do
    if one.group.claim and places > 0 and not is_held(one) and may_start(one) then
      if claim_one(one.row.id, lease_of(one.group.claim, one.group.now), one.group.now) then places = places - 1 end
    end
  end
  for _, one in ipairs(candidates) do
    if is_held(one) then
      table.insert(one.answer.claimed, claimed(one.row))
    elseif not one.row.endedAt and not one.row.behind then
      table.insert(one.answer.waiting, waiting(one.row))
    end
  end
end

-- What every step starts from: its request, the clock, key names, hashes as tables.
-- ARGV[1] the request as JSON; ARGV[2] the call's own random name, the same when the call is repeated.
-- POLICY is made from lib/rules/numbers.ts. Instants are epoch ms; a request's `now` of 0 means Redis's own clock.

local NULL = cjson.null

-- JSON null becomes absent.
local function plain(value)
  if type(value) ~= 'table' then return value end
  for name, inner in pairs(value) do
    if inner == NULL then value[name] = nil else plain(inner) end
  end
  return value
end

local function decode(text)
  return plain(cjson.decode(text))
end

local request = decode(ARGV[1])

-- Lua would write large numbers as 1.7e+12.
local function int(number)
  return string.format('%.0f', number)
end

local function key(kind, id)
  return 'posta:' .. kind .. ':' .. id
end

local function clock(ms)
  if ms ~= 0 then return ms end
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local function has(list, value)
  for _, one in ipairs(list) do
    if one == value then return true end
  end
  return false
end

-- A hash as a table, the named fields as numbers; nil when there is none.
local function read_hash(name, numbers)
  local flat = redis.call('HGETALL', name)
  if #flat == 0 then return nil end
  local found = {}
  for at = 1, #flat, 2 do found[flat[at]] = flat[at + 1] end
  for _, field in ipairs(numbers) do found[field] = tonumber(found[field]) end
  return found
end

-- Writes `changes` to a hash and to its table; `false` removes a field.
local function write_hash(name, found, changes)
  local set, gone = {}, {}
  for field, value in pairs(changes) do
    if value == false then
      gone[#gone + 1] = field
      found[field] = nil
    else
      set[#set + 1] = field
      set[#set + 1] = type(value) == 'number' and int(value) or value
      found[field] = value
    end
  end
  if #set > 0 then redis.call('HSET', name, unpack(set)) end
  if #gone > 0 then redis.call('HDEL', name, unpack(gone)) end
end

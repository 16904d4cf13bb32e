-- What every step starts from: its request, the clock, key names, stored values as tables.
-- ARGV[1] the request as JSON; ARGV[2] the call's own random name, the same when the call is repeated.
-- POLICY is made from lib/rules/numbers.ts. Instants are epoch ms; a request's `now` of 0 means Redis's own clock.
--
-- Redis takes nothing back, so every step writes in this order: what indexes gain, which a repeat adds again without
-- harm; then the values that are the truth, each in one write; then what cannot be refused any more.

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

-- The first step of an isolate says which version of what is stored its code knows; a newer one is not touched.
if request.schema then
  local stored = tonumber(redis.call('GET', 'posta:schema') or 0)
  if stored > request.schema then return redis.error_reply('NEWERSCHEMA this database is of a later release') end
  if stored < request.schema then redis.call('SET', 'posta:schema', request.schema) end
end

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

-- A stored value as a table; nil when there is none. A null in it is only ever handed on.
local function read(name)
  local text = redis.call('GET', name)
  return text and cjson.decode(text) or nil
end

-- Stores a text under its key in one write, its expiry included; `until_at` nil = for good.
local function write_text(name, text, until_at)
  if until_at then
    redis.call('SET', name, text, 'PXAT', int(math.max(1, until_at)))
  else
    redis.call('SET', name, text)
  end
end

local function write(name, value, until_at)
  write_text(name, cjson.encode(value), until_at)
end

local function expire(name, until_at)
  redis.call('PEXPIREAT', name, int(math.max(1, until_at)))
end

-- Puts changes into a table; `false` removes a field.
local function merge(found, changes)
  for field, value in pairs(changes) do
    if value == false then found[field] = nil else found[field] = value end
  end
end

-- What may be missing without harm: readers step over it. Its refusal must not make a step fail that is done.
local function try_call(...)
  return redis.pcall(...)
end

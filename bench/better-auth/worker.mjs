// Better Auth with passwords and its e-mail OTP plugin as its documentation sets them up: short-lived values, sessions and
// rate limits in secondary storage, users and their accounts in the database, mail in the background. Both stores are the
// Redis that posta uses, called by the lightest client there is; every call of Better Auth is one request, whatever it has
// to do there.
import { env, waitUntil } from 'cloudflare:workers'
import { betterAuth } from 'better-auth'
import { createAdapterFactory } from 'better-auth/adapters'
import { emailOTP } from 'better-auth/plugins/email-otp'

async function redis(...command) {
  const response = await fetch(env.REDIS_URL, {
    method: 'POST',
    headers: { Authorization: `Bearer ${env.REDIS_TOKEN}` },
    body: JSON.stringify(command),
  })
  const { result, error } = await response.json()
  if (error) throw new Error(error)
  return result
}

const INSERT = `redis.call('SET', KEYS[1], ARGV[1])
if KEYS[2] then redis.call('SET', KEYS[2], ARGV[2]) end
return 1`
const BY_INDEX = `local id = redis.call('GET', KEYS[1])
return id and redis.call('GET', ARGV[1] .. id)`
const UPDATE = `local text = redis.call('GET', KEYS[1])
if not text then return false end
local row = cjson.decode(text)
for name, value in pairs(cjson.decode(ARGV[1])) do row[name] = value end
text = cjson.encode(row)
redis.call('SET', KEYS[1], text)
return text`

const rowKey = (model, id) => `ba:${model}:${id}`
const emailKey = (email) => `ba:email:${email}`
/** A user's ways to sign in: a list. */
const accountsKey = (userId) => `ba:accounts:${userId}`
const hydrate = (text) => {
  if (!text) return null
  const row = JSON.parse(text)
  for (const name of ['createdAt', 'updatedAt', 'expiresAt']) if (row[name]) row[name] = new Date(row[name])
  return row
}
const unused = (what) => () => {
  throw new Error(`the bench does not use ${what}`)
}

/** Users by id and by e-mail, and the accounts of one: one trip each. */
const redisAdapter = createAdapterFactory({
  config: { adapterId: 'redis-rest', supportsDates: true, supportsBooleans: true, transaction: false },
  adapter: () => ({
    async create({ model, data }) {
      if (model === 'account') {
        await redis('RPUSH', accountsKey(data.userId), JSON.stringify(data))
        return data
      }
      const keys = [rowKey(model, data.id), ...(data.email ? [emailKey(data.email)] : [])]
      await redis('EVAL', INSERT, String(keys.length), ...keys, JSON.stringify(data), data.id)
      return data
    },
    async findOne({ model, where }) {
      const [{ field, value }] = where
      if (field === 'id') return hydrate(await redis('GET', rowKey(model, value)))
      if (field === 'email') return hydrate(await redis('EVAL', BY_INDEX, '1', emailKey(value), `ba:${model}:`))
      throw new Error(`the bench does not find by ${field}`)
    },
    async update({ model, where, update }) {
      return hydrate(await redis('EVAL', UPDATE, '1', rowKey(model, where[0].value), JSON.stringify(update)))
    },
    async findMany({ model, where }) {
      const [{ field, value }] = where
      if (model !== 'account' || field !== 'userId') throw new Error(`the bench does not list ${model} by ${field}`)
      return (await redis('LRANGE', accountsKey(value), '0', '-1')).map(hydrate)
    },
    count: unused('count'),
    updateMany: unused('updateMany'),
    delete: unused('delete'),
    deleteMany: unused('deleteMany'),
    consumeOne: unused('consumeOne'),
    incrementOne: unused('incrementOne'),
  }),
})

const INCREMENT = `local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return n`

const auth = betterAuth({
  baseURL: env.BASE_URL,
  secret: env.SECRET,
  telemetry: { enabled: false },
  database: redisAdapter,
  secondaryStorage: {
    get: (key) => redis('GET', key),
    getAndDelete: (key) => redis('GETDEL', key),
    increment: (key, ttl) => redis('EVAL', INCREMENT, '1', key, String(ttl)),
    set: (key, value, ttl) => redis('SET', key, value, ...(ttl ? ['EX', String(Math.ceil(ttl))] : [])),
    delete: (key) => redis('DEL', key),
  },
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: true, storage: 'secondary-storage' },
  advanced: {
    ipAddress: { ipAddressHeaders: ['cf-connecting-ip'] },
    backgroundTasks: { handler: (work) => waitUntil(work) },
  },
  plugins: [
    emailOTP({
      sendVerificationOnSignUp: true,
      async sendVerificationOTP({ email, otp }) {
        const response = await fetch(`${env.MAIL_URL}/emails`, {
          method: 'POST',
          headers: { Authorization: 'Bearer re_bench', 'Content-Type': 'application/json' },
          body: JSON.stringify({
            from: 'Bench <bench@example.com>',
            to: email,
            subject: 'Your code',
            text: `Your code is ${otp}`,
            html: `<p>Your code is <strong>${otp}</strong></p>`,
          }),
        })
        if (!response.ok) throw new Error(`mail: ${response.status}`)
        await response.json()
      },
    }),
  ],
})

export default { fetch: (request) => auth.handler(request) }

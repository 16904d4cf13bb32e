// The inbox page in the browser: the mails as they come, the list, the bar. mail.page.js and faults.page.js follow it in
// one script.

const $ = (id) => document.getElementById(id)
const make = (tag, props, ...children) => {
  const node = Object.assign(document.createElement(tag), props)
  node.append(...children)
  return node
}
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const keyOf = (mail) => [mail.id, mail.provider, Date.parse(mail.at)].join('~')
const wide = matchMedia('(min-width: 780px)')

let mails = []
let loaded = false
let shown = null
let unread = new Set()
const seen = new Set()
const startedAt = Date.now()

// Mails: one request waits at the server until something changed.
let tag = null
let waiting = new AbortController()
const wanted = () => $('filter').value.trim()
const isAddress = (text) => /^\S+@\S+\.\S+$/.test(text)

async function load() {
  const to = wanted()
  const url = `/dev/inbox.json${isAddress(to) ? `?to=${encodeURIComponent(to)}` : ''}`
  const headers = tag ? { 'If-None-Match': tag, Prefer: 'wait=20' } : {}
  const answer = await fetch(url, { headers, signal: waiting.signal })
  if (answer.status === 304) return
  if (!answer.ok) throw new Error(`inbox: ${answer.status}`)
  const { messages } = await answer.json()
  tag = answer.headers.get('ETag')
  for (const mail of messages) {
    if (!seen.has(keyOf(mail)) && Date.parse(mail.at) > startedAt) unread.add(keyOf(mail))
    seen.add(keyOf(mail))
  }
  mails = messages
  loaded = true
  render()
  loadFaults()
}
async function follow() {
  for (;;) {
    while (document.hidden)
      await new Promise((back) => document.addEventListener('visibilitychange', back, { once: true }))
    waiting = new AbortController()
    let failed = false
    await load().catch(() => {
      failed = !waiting.signal.aborted
    })
    $('live').textContent = failed ? 'no answer' : 'live'
    $('live').classList.toggle('off', failed)
    await pause(failed ? 2000 : 100)
  }
}
function reload() {
  tag = null
  waiting.abort()
}
document.addEventListener('visibilitychange', () => document.hidden && waiting.abort())

// The list.
const rows = new Map()
function visible() {
  const text = wanted().toLowerCase()
  return isAddress(text) || text === ''
    ? mails
    : mails.filter((mail) => `${mail.to} ${mail.subject}`.toLowerCase().includes(text))
}
const timeOf = (mail) => {
  const at = new Date(mail.at)
  const time = at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
  return at.toDateString() === new Date().toDateString()
    ? time
    : `${at.toLocaleDateString([], { day: 'numeric', month: 'short' })}, ${time}`
}
function rowOf(mail) {
  const link = make(
    'a',
    {},
    make('span', { className: 'to', textContent: mail.to, dir: 'auto' }),
    make('time', { dateTime: mail.at, title: mail.at, textContent: timeOf(mail) }),
    make('span', { className: 'subject', textContent: mail.subject, dir: 'auto' }),
    make('span', { className: 'provider', textContent: mail.provider }),
  )
  return make('li', {}, link)
}
function renderList(list) {
  const keys = new Set(list.map(keyOf))
  for (const [key, row] of rows)
    if (!keys.has(key)) {
      row.remove()
      rows.delete(key)
    }
  list.forEach((mail, at) => {
    const key = keyOf(mail)
    if (!rows.has(key)) rows.set(key, rowOf(mail))
    const row = rows.get(key)
    const [link] = row.children
    link.href = `#${list.find((one) => one.id === mail.id) === mail ? mail.id : key}`
    link.classList.toggle('unread', unread.has(key))
    if (shown && keyOf(shown) === key) link.setAttribute('aria-current', 'true')
    else link.removeAttribute('aria-current')
    if ($('mails').children[at] !== row) $('mails').insertBefore(row, $('mails').children[at] ?? null)
  })
}
$('mails').addEventListener('keydown', (event) => {
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key]
  const links = [...$('mails').querySelectorAll('a')]
  const next = step && links[links.indexOf(document.activeElement) + step]
  if (!next) return
  event.preventDefault()
  next.focus()
  if (wide.matches) location.replace(next.hash)
})

// Which mail is shown: the one the address names; on a wide window otherwise the newest, and it stays.
function render() {
  const list = visible()
  const hash = location.hash.slice(1)
  const before = shown && keyOf(shown)
  const find = (key) => list.find((mail) => keyOf(mail) === key) ?? list.find((mail) => mail.id === key)
  shown = (hash ? find(hash) : wide.matches ? (find(before) ?? list[0]) : null) ?? null
  if (shown) unread.delete(keyOf(shown))
  renderList(list)
  const empty = loaded && mails.length === 0 && wanted() === ''
  document.body.dataset.view = empty ? 'empty' : hash ? 'mail' : 'list'
  document.title = `${unread.size > 0 ? `(${unread.size}) ` : ''}Inbox · posta`
  $('wanted').textContent = wanted()
  $('none').hidden = !loaded || empty || list.length > 0
  $('empty').hidden = !empty
  $('mail').hidden = !shown
  $('gone').hidden = !loaded || empty || shown !== null || !hash
  $('clear').disabled = mails.length === 0
  if (shown && keyOf(shown) !== before) renderMail()
}

// The bar.
$('filter').value = new URLSearchParams(location.search).get('to') ?? ''
$('filter').addEventListener('input', () => {
  const to = wanted()
  history.replaceState(null, '', (to ? `?to=${encodeURIComponent(to)}` : location.pathname) + location.hash)
  reload()
  render()
})
$('clear').addEventListener('click', async () => {
  await fetch('/dev/inbox.json', { method: 'DELETE' })
  unread = new Set()
  history.replaceState(null, '', location.pathname + location.search)
  reload()
})
$('back').addEventListener('click', () => {
  const link = rows.get(keyOf(shown))?.firstChild
  history.pushState(null, '', location.pathname + location.search)
  render()
  link?.focus()
})
addEventListener('hashchange', render)
addEventListener('popstate', render)
wide.addEventListener('change', render)

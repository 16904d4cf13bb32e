// The inbox page in the browser: the mail on the right, its parts, and copying.
// Everything a mail brings becomes text nodes, or a frame without scripts.
/** How preview.ts shows a mail in a frame: the same on the server and here. */
const framing = JSON.parse(document.body.dataset.framing)
const TABS = ['html', 'text', 'source', 'headers']
let look = { tab: 'html', dark: matchMedia('(prefers-color-scheme: dark)').matches, phone: false }
try {
  look = { ...look, ...JSON.parse(sessionStorage.getItem('posta-look')) }
} catch {}

function renderMail() {
  $('subject').textContent = shown.subject
  $('route').replaceChildren(
    make('span', { className: 'from' }, make('bdi', { textContent: shown.from }), ' → '),
    make('b', {}, make('bdi', { textContent: shown.to })),
    make('time', { dateTime: shown.at, textContent: timeOf(shown) }),
    make('span', { className: 'provider', textContent: shown.provider }),
  )
  // The first digits of the text are the code.
  const [code = ''] = /\d+/.exec(shown.text) ?? []
  $('code').hidden = !(code.length >= 6 && code.length <= 8)
  $('code').replaceChildren(make('b', { textContent: code }), make('span', { textContent: 'Copy' }))
  $('files').hidden = shown.attachments.length === 0
  $('files').replaceChildren(
    ...shown.attachments.map((file) =>
      make('li', {}, make('a', { textContent: file.filename, download: file.filename, href: dataOf(file) })),
    ),
  )
  $('plain').scrollTop = 0
  renderPart()
}

// The parts of a mail.
const dataOf = (file) => `data:${file.content_type};base64,${file.content}`
function framed(mail) {
  const { start, dark } = framing.framed[look.dark ? 'dark' : 'light']
  const html = mail.html.replace(new RegExp(framing.start, 'i'), start).replace(new RegExp(framing.dark, 'gi'), dark)
  return mail.attachments.reduce(
    (text, file) => (file.content_id ? text.replaceAll(`cid:${file.content_id}`, () => dataOf(file)) : text),
    html,
  )
}
function renderPart() {
  const { tab } = look
  for (const name of TABS) {
    $(`tab-${name}`).setAttribute('aria-selected', String(name === tab))
    $(`tab-${name}`).tabIndex = name === tab ? 0 : -1
  }
  $('part').setAttribute('aria-labelledby', `tab-${tab}`)
  $('part').dataset.tab = tab
  $('part').classList.toggle('dark', look.dark)
  $('part').classList.toggle('phone', look.phone)
  $('dark').setAttribute('aria-pressed', String(look.dark))
  $('phone').setAttribute('aria-pressed', String(look.phone))
  $('switches').hidden = tab !== 'html'
  $('copy').hidden = tab === 'html' || tab === 'headers'
  $('frame').hidden = tab !== 'html'
  $('plain').hidden = tab !== 'text' && tab !== 'source'
  $('facts').hidden = tab !== 'headers'
  const html = framed(shown)
  if ($('frame').srcdoc !== html) $('frame').srcdoc = html
  if (tab === 'text') $('plain').replaceChildren(shown.text)
  if (tab === 'source') $('plain').replaceChildren(...sourceOf(shown.html))
  if (tab === 'headers') $('facts').replaceChildren(...factsOf(shown))
  try {
    sessionStorage.setItem('posta-look', JSON.stringify(look))
  } catch {}
}
const VOID = /^<(?:!|area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)/i
/** One tag a line, indented, for reading; what is copied is what was sent. */
function sourceOf(html) {
  const parts = []
  let depth = 0
  for (const piece of html.split(/(<[^>]*>)/)) {
    if (piece.trim() === '') continue
    const closes = piece.startsWith('</')
    if (closes) depth = Math.max(0, depth - 1)
    const indent = '  '.repeat(Math.min(depth, 12))
    parts.push(indent)
    if (piece.startsWith('<'))
      for (const bit of piece.split(/("[^"]*")/))
        parts.push(make('span', { className: bit.startsWith('"') ? 'value' : 'tag', textContent: bit }))
    else parts.push(piece.trim().replaceAll('\n', `\n${indent}`))
    parts.push('\n')
    if (piece.startsWith('<') && !closes && !VOID.test(piece) && !piece.endsWith('/>')) depth += 1
  }
  return parts
}
function factsOf(mail) {
  const size =
    (new Blob([mail.html]).size / 1024).toFixed(1) +
    ' KiB HTML, ' +
    (new Blob([mail.text]).size / 1024).toFixed(1) +
    ' KiB text'
  const facts = { From: mail.from, To: mail.to, 'Reply-To': mail.reply_to, Subject: mail.subject, ...mail.headers }
  const ours = { Message: mail.id, Provider: mail.provider, Taken: mail.at, Size: size }
  const rowsOf = (entries, className) =>
    Object.entries(entries)
      .filter(([, value]) => value !== null)
      .map(([name, value]) =>
        make('div', { className }, make('dt', { textContent: name }), make('dd', { textContent: value })),
      )
  return [...rowsOf(facts, ''), ...rowsOf(ours, 'ours')]
}
function setLook(change) {
  look = { ...look, ...change }
  $('plain').scrollTop = 0
  renderPart()
}
for (const name of TABS) $(`tab-${name}`).addEventListener('click', () => setLook({ tab: name }))
$('tab-html').parentElement.addEventListener('keydown', (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
  if (!step) return
  setLook({ tab: TABS[(TABS.indexOf(look.tab) + step + TABS.length) % TABS.length] })
  $(`tab-${look.tab}`).focus()
})
$('dark').addEventListener('click', () => setLook({ dark: !look.dark }))
$('phone').addEventListener('click', () => setLook({ phone: !look.phone }))

async function copy(button, label, text) {
  await navigator.clipboard?.writeText(text).catch(() => {})
  const before = label.textContent
  label.textContent = navigator.clipboard ? 'Copied' : 'Needs https or localhost'
  button.disabled = true
  await pause(1200)
  label.textContent = before
  button.disabled = false
}
$('code').addEventListener('click', () => copy($('code'), $('code').lastChild, $('code').firstChild.textContent))
$('copy').addEventListener('click', () => copy($('copy'), $('copy'), look.tab === 'text' ? shown.text : shown.html))
$('copy-curl').addEventListener('click', () => copy($('copy-curl'), $('copy-curl'), $('curl').textContent))

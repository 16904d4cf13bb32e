// The inbox page in the browser: the panel of faults.
const modes = JSON.parse(document.body.dataset.modes)
let faults = []
async function loadFaults(answered) {
  try {
    faults = (await (answered ?? (await fetch('/dev/faults'))).json()).faults
  } catch {
    return
  }
  $('faults-count').textContent = faults.length
  $('faults-count').hidden = faults.length === 0
  for (const form of document.querySelectorAll('.fault')) {
    const fault = faults.find((one) => one.provider === form.dataset.provider)
    form.classList.toggle('active', fault !== undefined)
    form.querySelector('output').textContent = fault
      ? `now: ${modes[fault.mode]}${fault.times === null ? ', until changed' : `, ${fault.times} left`}`
      : 'now: works'
  }
}
for (const form of document.querySelectorAll('.fault')) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const times = form.times.value === '' ? {} : { times: Number(form.times.value) }
    const body = JSON.stringify({ provider: form.dataset.provider, mode: form.mode.value, ...times })
    loadFaults(await fetch('/dev/faults', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body }))
  })
}
$('faults-button').addEventListener('click', () => {
  $('faults').hidden = !$('faults').hidden
  $('faults-button').setAttribute('aria-expanded', String(!$('faults').hidden))
  loadFaults()
})
$('faults').addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return
  $('faults-button').click()
  $('faults-button').focus()
})
setInterval(() => !document.hidden && (faults.length > 0 || !$('faults').hidden) && loadFaults(), 2000)

follow()

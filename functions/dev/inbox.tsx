/** @jsxImportSource hono/jsx */
// The page of the development inbox; inbox.page.js, mail.page.js and faults.page.js bring it to life.
import { FAULT_MODES, type FaultMode } from '../../lib/ports/fault-modes.ts'
import faultsStyle from './faults.css'
import faultsScript from './faults.page.js'
import inboxStyle from './inbox.css'
import inboxScript from './inbox.page.js'
import mailStyle from './mail.css'
import mailScript from './mail.page.js'
import narrowStyle from './narrow.css'
import { type Page, page } from './page.tsx'
import { FRAMING, SANDBOX } from './preview.ts'

interface Provider {
  name: string
  /** Who takes the mail that this provider is given. */
  takes: 'inbox' | 'console' | 'vendor'
}

interface Props {
  origin: string
  /** True when the API key everybody knows works. */
  knownKey: boolean
  /** In the order they are tried. */
  providers: Provider[]
}

const MODES: Record<FaultMode, string> = {
  ok: 'works',
  error: 'answers 500',
  refuse: 'refuses the connection',
  hang: 'never answers',
  throttle: 'answers 429, too many requests',
  lose_answer: 'takes the mail, loses its answer',
  reject: 'rejects the recipient (no fallback)',
}

const TAKES = { inbox: 'played by this inbox', console: 'writes to the terminal', vendor: 'a real account' }

export function inboxPage({ origin, knownKey, providers }: Props): Promise<Page> {
  return page({
    title: 'Inbox · posta',
    here: 'inbox',
    style: inboxStyle + mailStyle + faultsStyle + narrowStyle,
    // One script: the parts share what the first one declares.
    script: inboxScript + mailScript + faultsScript,
    data: { modes: JSON.stringify(MODES), framing: FRAMING },
    tools: <Tools />,
    children: (
      <>
        <Faults providers={providers} />
        <Elsewhere providers={providers} />
        <main id="main">
          <nav class="list" aria-label="Mails">
            <ol id="mails" />
            <p class="hint" id="none" hidden>
              No mail to <b id="wanted" />
            </p>
          </nav>
          <Mail />
          <FirstCode origin={origin} knownKey={knownKey} arrives={providers.some((one) => one.takes === 'inbox')} />
          <p class="gone hint" id="gone" hidden>
            That mail is not in this list: it is older than the newest hundred, filtered out, or cleared.
          </p>
        </main>
        <noscript>
          <p class="notice">This page needs JavaScript. The mails are also at /dev/inbox.json.</p>
        </noscript>
      </>
    ),
  })
}

function Tools() {
  return (
    <>
      <span class="live" id="live" role="status" title="New mails appear by themselves">
        live
      </span>
      <input
        id="filter"
        type="search"
        placeholder="Filter by address"
        aria-label="Filter by address"
        maxlength={254}
        autocomplete="off"
        spellcheck={false}
      />
      <button type="button" id="faults-button" aria-expanded="false" aria-controls="faults">
        Faults
        <b id="faults-count" hidden />
      </button>
      <button type="button" id="clear" title="Forgets every mail" disabled>
        Clear
      </button>
    </>
  )
}

function Faults({ providers }: { providers: Provider[] }) {
  return (
    <section class="faults" id="faults" aria-label="Faults" hidden>
      <p>
        <b>Break a provider and watch the next one take over.</b> They are tried in this order; one that fails five
        times in a row is skipped for a minute.
      </p>
      {providers.map(({ name, takes }, at) => (
        <form key={name} class="fault" data-provider={name}>
          <span class="place">{at + 1}</span>
          <span class="who">
            <b>{name}</b>
            <small>{TAKES[takes]}</small>
          </span>
          <select name="mode" aria-label={`What ${name} does`}>
            {FAULT_MODES.map((mode) => (
              <option key={mode} value={mode}>
                {MODES[mode]}
              </option>
            ))}
          </select>
          <label>
            <input name="times" type="number" min="1" max="1000" placeholder="∞" aria-label="How many times" /> times
          </label>
          <button type="submit">Set</button>
          <output>now: works</output>
        </form>
      ))}
      {providers.length === 1 && (
        <p class="hint">
          There is only one, so nothing to fall back to. Start with two:{' '}
          <code>npm run dev -- --var EMAIL_PROVIDERS:resend,sendgrid</code>
        </p>
      )}
    </section>
  )
}

/** Said when mail goes where this page cannot show it. */
function Elsewhere({ providers }: { providers: Provider[] }) {
  const away = providers.filter((one) => one.takes !== 'inbox')
  if (away.length === 0) return null
  const names = away.map((one) => one.name).join(', ')
  return (
    <p class="notice">
      <b>Mail leaves through {names}</b>
      {away.length === providers.length ? ', so none arrives here. ' : ', and what it takes does not arrive here. '}
      To have all of it here, start with <code>EMAIL_PROVIDERS=inbox</code>.
    </p>
  )
}

function Mail() {
  const tabs = ['HTML', 'Text', 'Source', 'Headers']
  return (
    <article class="mail" id="mail" aria-label="Mail" hidden>
      <header>
        <button type="button" class="back" id="back">
          ‹ All mails
        </button>
        <div class="about">
          <h1 id="subject">Mail</h1>
          <p class="route" id="route" />
        </div>
        <button type="button" class="code" id="code" hidden />
        <ul class="files" id="files" hidden />
      </header>
      <div class="tabs">
        <div role="tablist" aria-label="Parts of the mail">
          {tabs.map((name) => (
            <button key={name} type="button" role="tab" id={`tab-${name.toLowerCase()}`} aria-controls="part">
              {name}
            </button>
          ))}
        </div>
        <div class="switches" id="switches">
          <button type="button" id="dark" aria-pressed="false">
            Dark
          </button>
          <button type="button" id="phone" aria-pressed="false">
            Phone
          </button>
        </div>
        <button type="button" id="copy" hidden>
          Copy
        </button>
      </div>
      <div class="part" id="part" role="tabpanel">
        <iframe id="frame" title="The mail as HTML" sandbox={SANDBOX} />
        <pre id="plain" tabindex={0} hidden />
        <dl id="facts" hidden />
      </div>
    </article>
  )
}

function FirstCode({ origin, knownKey, arrives }: { origin: string; knownKey: boolean; arrives: boolean }) {
  const curl = [
    `curl ${origin}/v1/challenges`,
    knownKey ? `-H 'Authorization: Bearer posta_development'` : '-H "Authorization: Bearer $POSTA_KEY"',
    `-H 'Content-Type: application/json'`,
    `-d '{"to":{"email":"ana@example.com"},"purpose":"login"}'`,
  ].join(' \\\n  ')
  return (
    <section class="empty" id="empty" hidden>
      <h1>No mail yet</h1>
      <p>
        {arrives
          ? 'Send the first code. It appears here by itself.'
          : 'Send a code to an address of yours, and read it there.'}
      </p>
      <div class="command">
        <pre id="curl">{curl}</pre>
        <button type="button" id="copy-curl">
          Copy
        </button>
      </div>
      <p class="hint">
        Tests read it at <code>/dev/inbox.json?to=ana@example.com</code>
      </p>
      {!knownKey && (
        <p class="hint">
          <code>POSTA_API_KEYS</code> is set: <code>$POSTA_KEY</code> is one of yours.
        </p>
      )}
    </section>
  )
}

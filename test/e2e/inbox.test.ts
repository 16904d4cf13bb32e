// What a newcomer sees in the first minute: the inbox page and the gallery in a real browser.
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, clientOf, codeIn, person } from './client.ts'
import { startWorker, type Worker } from './worker.ts'

const CHROMIUM = '/usr/bin/chromium'
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']
/** The name of the app stands in the subject, the sender and the body of every mail. */
const HOSTILE = '"><img src=x onerror="top.pwned=1"><script>pwned=1</script>'

describe.skipIf(!existsSync(CHROMIUM))(`development pages in ${CHROMIUM}`, () => {
  let worker: Worker
  let client: Client
  let browser: Browser

  beforeAll(async () => {
    worker = await startWorker({ EMAIL_PROVIDERS: 'resend,sendgrid', LIMITS: 'off', APP_NAME: HOSTILE })
    client = clientOf(worker.url)
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
  })
  afterAll(async () => {
    await browser?.close()
    await worker?.stop()
  })

  /** Opens a page, tells the story, and expects a clean console and no request to anybody else. */
  async function visit(path: string, story: (page: Page, troubles: string[]) => Promise<void>) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    const page = await context.newPage()
    const troubles: string[] = []
    page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()))
    page.on('pageerror', (error) => troubles.push(error.message))
    page.on('request', (request) => {
      if (!request.url().startsWith(worker.url) && !request.url().startsWith('data:')) troubles.push(request.url())
    })
    try {
      await page.goto(worker.url + path)
      await story(page, troubles)
      expect(await page.evaluate('window.pwned')).toBeUndefined()
      expect(troubles).toEqual([])
    } finally {
      await context.close()
    }
  }

  /** Sends a code and waits until it was taken; answers the mail. */
  async function sent(to = person()) {
    const { status } = await client.open(to, { Prefer: 'wait=3' })
    expect(status).toBe(201)
    const [mail] = await client.inbox(to)
    if (!mail) throw new Error(`no mail to ${to}`)
    return { ...mail, to, code: codeIn(mail.text) }
  }
  const row = (page: Page, to: string) => page.locator('#mails a', { hasText: to })

  it('tells how to send the first code, shows it as it comes, and copies it', async () => {
    await client.ask('/dev/inbox.json', { method: 'DELETE' })
    await visit('/dev', async (page) => {
      await page.getByText('No mail yet').waitFor()
      expect(page.url()).toBe(`${worker.url}/dev/inbox`)
      expect(await page.locator('#curl').textContent()).toContain(`curl ${worker.url}/v1/challenges`)
      const { to, code } = await sent()
      await row(page, to).waitFor()
      await page.frameLocator('#frame').locator('.code, [style*="user-select"]', { hasText: code }).first().waitFor()
      await page.locator('#code').click()
      await page.getByText('Copied').waitFor()
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(code)
    })
  })

  it('shows HTML, text, source and headers, and keeps what is looked at when another mail comes', async () => {
    const plain = `document.getElementById('plain')`
    const first = await sent(`o'brien&{sons}+${person()}`)
    await visit(`/dev/inbox#${first.id}`, async (page) => {
      const frame = page.frameLocator('#frame').locator('body')
      await frame.waitFor()
      await page.getByRole('button', { name: 'Dark' }).click()
      await expect.poll(() => frame.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(16, 19, 18)')
      await page.getByRole('button', { name: 'Phone' }).click()
      await expect.poll(() => frame.evaluate('innerWidth')).toBeLessThanOrEqual(375)
      await page.getByRole('tab', { name: 'HTML' }).press('ArrowRight')
      expect(await page.locator('#plain').textContent()).toBe(first.text)
      await page.getByRole('tab', { name: 'Headers' }).click()
      await page.locator('#facts', { hasText: first.id }).waitFor()
      await page.getByRole('tab', { name: 'Source' }).click()
      expect(await page.locator('#plain').textContent()).toContain('<!DOCTYPE html>')
      await page.evaluate(`${plain}.scrollTop = 120`)

      const second = await sent()
      await row(page, second.to).waitFor()
      expect(await page.title()).toBe('(1) Inbox · posta')
      expect(await page.locator('#route').textContent()).toContain(first.to)
      expect(await page.evaluate(`${plain}.scrollTop`)).toBe(120)
      expect(await page.getByRole('tab', { name: 'Source' }).getAttribute('aria-selected')).toBe('true')

      await row(page, first.to).focus()
      await page.keyboard.press('ArrowUp')
      await expect.poll(() => page.locator('#route').textContent()).toContain(second.to)
    })
  })

  it('lets a provider fail and names the one that took over', async () => {
    await visit('/dev/inbox', async (page) => {
      await page.getByRole('button', { name: 'Faults' }).click()
      const fault = page.locator('.fault[data-provider=resend]')
      await fault.getByRole('combobox').selectOption('error')
      await fault.getByRole('spinbutton').fill('1')
      await fault.getByRole('button').click()
      await fault.getByText('now: answers 500, 1 left').waitFor()
      const { to } = await sent()
      expect(await row(page, to).locator('.provider').textContent()).toBe('sendgrid')
      await fault.getByText('now: works').waitFor()
      const next = await sent()
      expect(await row(page, next.to).locator('.provider').textContent()).toBe('resend')
    })
  })

  it('filters by address and clears', async () => {
    const [one, other] = [await sent(), await sent()]
    await visit(`/dev/inbox?to=${encodeURIComponent(one.to)}`, async (page) => {
      await row(page, one.to).waitFor()
      expect(await row(page, other.to).count()).toBe(0)
      await page.getByRole('searchbox').fill(other.to.slice(0, 9))
      await row(page, other.to).waitFor()
      await page.getByRole('searchbox').fill(`nobody${HOSTILE}`)
      await page.getByText(`No mail to nobody${HOSTILE}`).waitFor()
      await page.getByRole('searchbox').fill('')
      await page.getByRole('button', { name: 'Clear' }).click()
      await page.getByText('No mail yet').waitFor()
    })
  })

  it('runs nothing that a mail brings, and loads nothing from elsewhere', async () => {
    const asked: string[] = []
    const elsewhere = createServer((request, response) => {
      asked.push(request.url ?? '')
      response.end()
    })
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
    const trap = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`
    const html = `<html><head><meta http-equiv="refresh" content="0;url=${trap}/refresh"></head>
      <body onload="top.pwned=1">${HOSTILE}<script>top.pwned=1</script><a href="javascript:top.pwned=1">open</a>
      <link rel="stylesheet" href="${trap}/style"><img src="${trap}/pixel"><iframe src="${trap}/frame"></iframe>
      <iframe srcdoc="<script>top.pwned=1</script>"></iframe></body></html>`
    const attachments = [{ filename: HOSTILE, content_type: 'text/html', content: '', content_id: null }]
    const mail = { to: HOSTILE, from: HOSTILE, reply_to: HOSTILE, subject: HOSTILE, html, text: HOSTILE, attachments }
    const message = {
      ...mail,
      id: 'msg_1',
      headers: { [HOSTILE]: HOSTILE },
      provider: HOSTILE,
      at: '2026-01-01T00:00:00Z',
    }
    await visit('/dev/templates', async (page, troubles) => {
      await page.route('**/dev/inbox.json*', (route) => route.fulfill({ json: { messages: [message] } }))
      await page.goto(`${worker.url}/dev/inbox?to=${encodeURIComponent(HOSTILE)}#${encodeURIComponent(HOSTILE)}`)
      await page.getByRole('searchbox').fill('')
      await page.locator('#mails a').click()
      for (const tab of ['Text', 'Source', 'Headers', 'HTML']) await page.getByRole('tab', { name: tab }).click()
      await page.frameLocator('#frame').getByText('open').click()
      await page.waitForTimeout(500)
      expect(await page.locator('#subject').textContent()).toBe(HOSTILE)
      expect(page.frames()[1]?.url()).toBe('about:srcdoc')
      expect(asked).toEqual([])
      // The browser says what it refused.
      const refused = new RegExp(`^${trap}|sandbox|Content Security Policy`)
      expect(troubles.filter((trouble) => !refused.test(trouble))).toEqual([])
      expect(troubles.length).toBeGreaterThan(0)
      troubles.length = 0
    })
    await fetch(`${trap}/control`)
    expect(asked).toEqual(['/control'])
    elsewhere.close()
  })

  it('shows every template in every language, as HTML and as text', async () => {
    await visit('/dev/templates?template=verification-code&locale=es', async (page) => {
      const frame = page.frameLocator('.part iframe')
      await frame.getByText('Confirma tu correo').waitFor()
      await page.getByRole('link', { name: 'English' }).click()
      await frame.getByText('Confirm your e-mail').waitFor()
      await page.getByRole('link', { name: 'Dark' }).click()
      await expect
        .poll(() => frame.locator('body').evaluate('getComputedStyle(document.body).backgroundColor'), {
          timeout: 10_000,
        })
        .toBe('rgb(16, 19, 18)')
      await page.getByRole('link', { name: 'Text' }).click()
      expect(await page.locator('.part pre').textContent()).toMatch(/^\d{6} is your verification code\./)
    })
    const alone = await fetch(`${worker.url}/dev/templates/verification-code?locale=es&form=html`)
    expect(alone.headers.get('Content-Security-Policy')).toMatch(/default-src 'none'.*sandbox/)
    expect(await alone.text()).toMatch(/^<!DOCTYPE html><html[^>]* lang="es"/)
  })
})

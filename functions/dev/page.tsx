/** @jsxImportSource hono/jsx */
// The frame of every development page: head, bar, security headers.
import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import base from './base.css'

const MARK =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect x="1" y="3.5" width="22" height="17" rx="4.5" fill="#0d6849"/><path d="m5.5 8.5 6.5 5 6.5-5" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>'

interface Props {
  title: string
  /** null = none of the bar's pages. */
  here: 'inbox' | 'templates' | null
  style: string
  /** Runs once the page is there. Trusted: nothing of a mail or a request may stand in it. */
  script?: string
  /** What the script reads from `document.body.dataset`. */
  data?: Record<string, string>
  /** Right side of the bar. */
  tools?: Child
  children?: Child
}

/** A page and the headers it has to be sent with. */
export interface Page {
  html: string
  headers: Record<string, string>
}

const PAGES = [
  { name: 'inbox', title: 'Inbox' },
  { name: 'templates', title: 'Templates' },
] as const

export async function page({ title, here, style, script, data = {}, tools, children }: Props): Promise<Page> {
  const nonce = crypto.randomUUID()
  const attributes = Object.fromEntries(Object.entries(data).map(([name, value]) => [`data-${name}`, value]))
  const html = await (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>{title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href={`data:image/svg+xml,${encodeURIComponent(MARK)}`} />
        <style>{raw(base + style)}</style>
      </head>
      <body {...attributes}>
        <header class="bar">
          <a class="brand" href="/dev/inbox">
            {raw(MARK.replace('<svg ', '<svg aria-hidden="true" '))}
            posta
          </a>
          <nav class="pages" aria-label="Pages">
            {PAGES.map((one) => (
              <a key={one.name} href={`/dev/${one.name}`} aria-current={one.name === here ? 'page' : undefined}>
                {one.title}
              </a>
            ))}
          </nav>
          <div class="tools">{tools}</div>
        </header>
        {children}
        {script && <script nonce={nonce}>{raw(script)}</script>}
      </body>
    </html>
  )
  return {
    html: `<!DOCTYPE html>${html}`,
    headers: {
      // Mails bring inline styles and inherit this policy in their frame, so styles cannot be limited to the nonce.
      'Content-Security-Policy': `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
    },
  }
}

/** @jsxImportSource hono/jsx */
// What a browser sees of a development server that is not a mail: the front page, and problems.
import type { Child } from 'hono/jsx'
import style from './front.css'
import { type Page, page } from './page.tsx'

const LINKS = [
  { href: '/dev/inbox', name: 'Inbox', what: 'every mail that was sent here, and faults on demand' },
  { href: '/dev/templates', name: 'Templates', what: 'every mail there is, by language' },
  { href: '/ready', name: '/ready', what: 'which store, accounts and providers are at work' },
  { href: '/.well-known/jwks.json', name: '/.well-known/jwks.json', what: 'the public keys of access tokens' },
]

const sheet = (title: string, children: Child): Promise<Page> =>
  page({ title, here: null, style, children: <main class="front">{children}</main> })

export const frontPage = (): Promise<Page> =>
  sheet(
    'posta',
    <>
      <h1>posta is running</h1>
      <p>Auth and notifications, in development. README.md has the first requests.</p>
      <dl>
        {LINKS.map(({ href, name, what }) => (
          <div key={href}>
            <dt>
              <a href={href}>{name}</a>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </>,
  )

/** What programs get as problem details, for who opens an address in a browser. */
export const problemPage = ({ status, title, detail, code }: ShownProblem): Promise<Page> =>
  sheet(
    title,
    <>
      <h1>
        {status} {title}
      </h1>
      <p>{detail}</p>
      <p class="hint">
        <code>{code}</code>; programs, which do not ask for HTML, get it as application/problem+json.{' '}
        <a href="/">To the front page</a>
      </p>
    </>,
  )

export interface ShownProblem {
  status: number
  title: string
  detail: string
  code: string
}

/** @jsxImportSource hono/jsx */
// The gallery: every template as a card, the chosen one large. All switches are links, no script runs.
import { LOCALES, type Locale } from '../../lib/names/locale.ts'
import type { Rendered } from '../../lib/ports/renderer.ts'
import { segmentsOf, smsText } from '../../lib/templates/sms.ts'
import style from './gallery.css'
import { type Page, page } from './page.tsx'
import { SANDBOX, type Scheme } from './preview.ts'
import { VARIANTS, type Variant } from './variants.ts'

export interface Look {
  locale: Locale
  form: 'html' | 'text' | 'sms' | 'data'
  scheme?: Scheme | undefined
  data: Variant
  images: 'on' | 'off'
  width: 'full' | 'phone'
  /** Typed data in the place of ours. */
  json?: string | undefined
}

interface Chosen extends Rendered {
  name: string
  version: number
}

interface Props {
  /** One per template, in the language of `look`. */
  cards: { name: string; subject: string }[]
  chosen: Chosen
  data: TypedData
  look: Look
}

/** As it stands in the editor, and what is wrong with it. */
interface TypedData {
  json: string
  errors: { path: string; message: string }[]
}

/** Address of the gallery that shows this template in this way. */
const at = (template: string, look: Look): string => `/dev/templates?${query({ template, ...look })}`

/** Address of the mail itself. */
const raw = (template: string, { width: _, form, ...look }: Look): string =>
  `/dev/templates/${template}?${query({ ...look, form: form === 'data' ? 'html' : form })}`

const query = (given: Record<string, string | undefined>): URLSearchParams =>
  new URLSearchParams(Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))

export function galleryPage({ cards, chosen, data, look }: Props): Promise<Page> {
  return page({
    title: `${chosen.name} · posta`,
    here: 'templates',
    style,
    tools: (
      <nav class="switches" aria-label="Language">
        {LOCALES.map((locale) => (
          <a
            key={locale}
            href={at(chosen.name, { ...look, locale })}
            aria-current={locale === look.locale ? 'true' : undefined}
            lang={locale}
          >
            {new Intl.DisplayNames([locale], { type: 'language' }).of(locale)}
          </a>
        ))}
      </nav>
    ),
    children: (
      <main id="main">
        <nav class="cards" aria-label="Templates">
          {cards.map((card) => (
            <a
              key={card.name}
              class="card"
              href={at(card.name, { ...look, json: undefined })}
              aria-current={card.name === chosen.name ? 'true' : undefined}
            >
              <span class="thumb" inert>
                <iframe
                  src={raw(card.name, { ...look, form: 'html', data: 'sample', images: 'on', json: undefined })}
                  sandbox=""
                  tabindex={-1}
                  loading="lazy"
                  title={card.name}
                />
              </span>
              <b>{card.name}</b>
              <small>{card.subject}</small>
            </a>
          ))}
        </nav>
        <Stage chosen={chosen} data={data} look={{ ...look, form: data.errors.length > 0 ? 'data' : look.form }} />
      </main>
    ),
  })
}

const DATA: Record<Variant, string> = { sample: 'Sample', least: 'Least', most: 'Most', foreign: 'Foreign' }
const FORMS = [
  { form: 'html', title: 'HTML' },
  { form: 'text', title: 'Text' },
  { form: 'sms', title: 'SMS' },
  { form: 'data', title: 'Data' },
] as const

function Stage({ chosen, data, look }: Omit<Props, 'cards'>) {
  const { name: template, version, subject, short } = chosen
  const isHtml = look.form === 'html'
  const sms = short === null ? null : smsText(short)
  const link = (change: Partial<Look>) => at(template, { ...look, ...change })
  return (
    <article class="stage">
      <header>
        <h1>{subject}</h1>
        <p class="hint">
          {template}, version {version}
          {look.form === 'sms' && sms !== null && `, ${sms.length} characters in ${count(segmentsOf(sms), 'segment')}`}
        </p>
      </header>
      <div class="tabs">
        <nav aria-label="Form">
          {FORMS.map(({ form, title }) => (
            <a key={form} href={link({ form })} aria-current={current(look.form === form)}>
              {title}
            </a>
          ))}
        </nav>
        <nav class="switches" aria-label="Data">
          {VARIANTS.map((one) => (
            <a
              key={one}
              href={link({ data: one, json: undefined })}
              aria-current={current(look.data === one && look.json === undefined)}
            >
              {DATA[one]}
            </a>
          ))}
        </nav>
        <nav class="switches" aria-label="View">
          {isHtml && (
            <>
              <a
                href={link({ scheme: look.scheme === 'light' ? undefined : 'light' })}
                aria-current={current(look.scheme === 'light')}
              >
                Light
              </a>
              <a
                href={link({ scheme: look.scheme === 'dark' ? undefined : 'dark' })}
                aria-current={current(look.scheme === 'dark')}
              >
                Dark
              </a>
              <a
                href={link({ images: look.images === 'off' ? 'on' : 'off' })}
                aria-current={current(look.images === 'off')}
              >
                No images
              </a>
              <a
                class="wide"
                href={link({ width: look.width === 'phone' ? 'full' : 'phone' })}
                aria-current={current(look.width === 'phone')}
              >
                Phone
              </a>
            </>
          )}
          <a href={raw(template, { ...look, scheme: undefined })} target="_blank" rel="noopener">
            Open alone
          </a>
        </nav>
      </div>
      <div class={['part', look.width === 'phone' && isHtml && 'phone', look.scheme].filter(Boolean).join(' ')}>
        {isHtml && <iframe src={raw(template, look)} sandbox={SANDBOX} title={`${template} as HTML`} />}
        {look.form === 'text' && <pre tabindex={0}>{chosen.text}</pre>}
        {look.form === 'sms' && <pre tabindex={0}>{sms ?? 'Only e-mail carries this template.'}</pre>}
        {look.form === 'data' && <Editor template={template} data={data} look={look} />}
      </div>
    </article>
  )
}

/** A form that asks for the same page with other data. */
function Editor({ template, data, look }: { template: string; data: TypedData; look: Look }) {
  const same = { template, ...look, form: 'html', json: undefined }
  return (
    <form class="editor" action="/dev/templates">
      {[...query(same)].map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <textarea name="json" aria-label="Data as JSON" spellcheck={false}>
        {data.json}
      </textarea>
      {data.errors.length > 0 && (
        <ul role="alert">
          {data.errors.map(({ path, message }) => (
            <li key={path}>
              <code>{path}</code> {message}
            </li>
          ))}
        </ul>
      )}
      <button type="submit">Show</button>
    </form>
  )
}

const current = (is: boolean) => (is ? 'true' : undefined)

const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`

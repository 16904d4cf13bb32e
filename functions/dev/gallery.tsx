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
  form: 'html' | 'text' | 'sms'
  scheme?: Scheme | undefined
  data: Variant
  images: 'on' | 'off'
  width: 'full' | 'phone'
}

interface Chosen extends Rendered {
  name: string
  version: number
}

interface Props {
  /** One per template, in the language of `look`. */
  cards: { name: string; subject: string }[]
  chosen: Chosen
  look: Look
}

/** Address of the gallery that shows this template in this way. */
const at = (template: string, { scheme, ...look }: Look): string =>
  `/dev/templates?${new URLSearchParams({ template, ...look, ...(scheme && { scheme }) })}`

/** Address of the mail itself. */
const raw = (template: string, { scheme, width: _, ...look }: Look): string =>
  `/dev/templates/${template}?${new URLSearchParams({ ...look, ...(scheme && { scheme }) })}`

export function galleryPage({ cards, chosen, look }: Props): Promise<Page> {
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
              href={at(card.name, look)}
              aria-current={card.name === chosen.name ? 'true' : undefined}
            >
              <span class="thumb" inert>
                <iframe
                  src={raw(card.name, { ...look, form: 'html', data: 'sample', images: 'on' })}
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
        <Stage chosen={chosen} look={look} />
      </main>
    ),
  })
}

const DATA: Record<Variant, string> = { sample: 'Sample', least: 'Least', most: 'Most', foreign: 'Foreign' }
const FORMS = [
  { form: 'html', title: 'HTML' },
  { form: 'text', title: 'Text' },
  { form: 'sms', title: 'SMS' },
] as const

function Stage({ chosen, look }: { chosen: Chosen; look: Look }) {
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
          {VARIANTS.map((data) => (
            <a key={data} href={link({ data })} aria-current={current(look.data === data)}>
              {DATA[data]}
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
        {isHtml ? (
          <iframe src={raw(template, look)} sandbox={SANDBOX} title={`${template} as HTML`} />
        ) : (
          <pre tabindex={0}>{look.form === 'text' ? chosen.text : (sms ?? 'Only e-mail carries this template.')}</pre>
        )}
      </div>
    </article>
  )
}

const current = (is: boolean) => (is ? 'true' : undefined)

const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`

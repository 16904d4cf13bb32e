/** @jsxImportSource hono/jsx */
// The gallery: every template as a card, the chosen one large. All switches are links, no script runs.
import type { Locale, Rendered, RenderInput } from '../../lib/ports/renderer.ts'
import style from './gallery.css'
import { type Page, page } from './page.tsx'
import { SANDBOX, type Scheme } from './preview.ts'

interface Card extends RenderInput {
  rendered: Rendered
}

export interface Look {
  locale: Locale
  form: 'html' | 'text'
  scheme?: Scheme | undefined
  width: 'full' | 'phone'
}

interface Props {
  /** One per template, all in the language of `look`. */
  cards: Card[]
  chosen: Card
  locales: Locale[]
  look: Look
}

/** Address of the gallery that shows this template in this way. */
const at = (template: string, { locale, form, scheme, width }: Look): string =>
  `/dev/templates?${new URLSearchParams({ template, locale, form, ...(scheme && { scheme }), width })}`

/** Address of the mail itself. */
const raw = (template: string, { locale, form, scheme }: Pick<Look, 'locale' | 'form' | 'scheme'>): string =>
  `/dev/templates/${template}?${new URLSearchParams({ locale, form, ...(scheme && { scheme }) })}`

export function galleryPage({ cards, chosen, locales, look }: Props): Promise<Page> {
  return page({
    title: `${chosen.template} · posta`,
    here: 'templates',
    style,
    tools: (
      <nav class="switches" aria-label="Language">
        {locales.map((locale) => (
          <a
            key={locale}
            href={at(chosen.template, { ...look, locale })}
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
              key={card.template}
              class="card"
              href={at(card.template, look)}
              aria-current={card === chosen ? 'true' : undefined}
            >
              <span class="thumb" inert>
                <iframe
                  src={raw(card.template, { ...look, form: 'html' })}
                  sandbox=""
                  tabindex={-1}
                  loading="lazy"
                  title={card.template}
                />
              </span>
              <b>{card.template}</b>
              <small>{card.rendered.subject}</small>
            </a>
          ))}
        </nav>
        <Stage chosen={chosen} look={look} />
      </main>
    ),
  })
}

function Stage({ chosen, look }: { chosen: Card; look: Look }) {
  const { template, version, rendered } = chosen
  const isHtml = look.form === 'html'
  const link = (change: Partial<Look>) => at(template, { ...look, ...change })
  return (
    <article class="stage">
      <header>
        <h1>{rendered.subject}</h1>
        <p class="hint">
          {template}, version {version}, with the sample data of its file
        </p>
      </header>
      <div class="tabs">
        <nav aria-label="Form">
          <a href={link({ form: 'html' })} aria-current={isHtml ? 'true' : undefined}>
            HTML
          </a>
          <a href={link({ form: 'text' })} aria-current={isHtml ? undefined : 'true'}>
            Text
          </a>
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
          <pre tabindex={0}>{rendered.text}</pre>
        )}
      </div>
    </article>
  )
}

const current = (is: boolean) => (is ? 'true' : undefined)

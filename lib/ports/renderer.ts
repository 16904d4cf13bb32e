// The Renderer port: template and data in, bytes out. The core never sees React.
import type { Locale } from '../names/locale.ts'
import type { Attachment } from './provider.ts'

/** Brand settings, frozen into the row when it is admitted. */
export interface Brand {
  appName: string
}

export type { Locale }

/** Render inputs of one message: the same inputs give the same bytes, on every try. */
export interface RenderInput {
  template: string
  version: number
  locale: Locale
  brand: Brand
  /** What the template is filled with; who admits the message knows what it wants. */
  data: Record<string, unknown>
}

export interface Rendered {
  subject: string
  html: string
  text: string
  /** For SMS and push: one line; null where only e-mail carries it. */
  short: string | null
  /** Images that the HTML shows by content id. */
  attachments: Attachment[]
}

/**
 *     const input = { template: 'welcome', version: renderer.versionOf('welcome'), locale, brand, data }
 *     const { subject, html, text } = await renderer.render(input)
 */
export interface Renderer {
  /** The newest version of a template: what a new message is admitted with. Throws for a template nobody has. */
  versionOf(template: string): number
  render(input: RenderInput): Promise<Rendered>
  /** HTML that a person wrote, without what could run, load by itself or mislead; and its text. `''` when nothing is left. */
  clean(html: string): Promise<{ html: string; text: string }>
}

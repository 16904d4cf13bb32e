// The Renderer port: template and data in, bytes out. The core never sees React.

/** Brand settings, frozen into the row when it is admitted. */
export interface Brand {
  appName: string
}

export type Locale = 'es' | 'en'

/** Render inputs of one message: the same inputs give the same bytes, on every try. */
export interface RenderInput {
  template: string
  version: number
  locale: Locale
  brand: Brand
  /** Checked against the template's schema when the message was admitted. */
  data: Record<string, unknown>
}

export interface Rendered {
  subject: string
  html: string
  text: string
}

export interface Renderer {
  /** The newest version of a template: what a new message is admitted with. Throws for a template nobody has. */
  versionOf(template: string): number
  render(input: RenderInput): Promise<Rendered>
  /** The newest version of every template with the data it is shown with, one per language. */
  samples(): Promise<RenderInput[]>
}

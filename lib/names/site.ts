// Where a deployment is: how times and amounts that do not say it themselves are read, and how they are told.

export interface Site {
  /** IANA zone of times without one. */
  timeZone: string
  /** ISO 4217, of amounts without one. */
  currency: string
  /** ISO 3166, in whose manner amounts are written: `CO`; null = as the language does anywhere. */
  region: string | null
}

const isNamed = (type: 'currency' | 'region', code: string): boolean =>
  new Intl.DisplayNames('en', { type, fallback: 'none' }).of(code) !== undefined

/** ISO 4217: `COP`. */
export const isCurrency = (text: string): boolean => /^[A-Z]{3}$/.test(text) && isNamed('currency', text)

/** ISO 3166-1 alpha-2: `CO`. */
export const isRegion = (text: string): boolean => /^[A-Z]{2}$/.test(text) && isNamed('region', text)

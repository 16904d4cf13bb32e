// Which of our languages somebody asks for, however they say it.

export const LOCALES = ['es', 'en'] as const
export type Locale = (typeof LOCALES)[number]

/** No browser sends more; the rest of a longer text is not looked at. */
const TEXT_MAX = 256

/**
 * The best match for a BCP 47 tag (`es-CL`, `en_US`), or for a list of them as Accept-Language has it (RFC 9110 §12.5.4,
 * RFC 4647 §3.4); null when we speak none of them: then it is the default's turn. Takes anything, refuses nothing.
 *
 *     const locale = localeOf(navigator.language) ?? policy.locale
 */
export function localeOf(asked: unknown): Locale | null {
  if (typeof asked !== 'string') return null
  const ranges = asked.slice(0, TEXT_MAX).split(',').map(rangeOf)
  const wanted = ranges.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality)
  for (const { language } of wanted) {
    if (language === '*') return null
    const spoken = LOCALES.find((one) => one === language)
    if (spoken) return spoken
  }
  return null
}

function rangeOf(text: string): { language: string; quality: number } {
  const [tag = '', ...parameters] = text.split(';').map((part) => part.trim())
  const [, quality = '1'] = /^q=(\d(?:\.\d{1,3})?)$/i.exec(parameters.at(-1) ?? '') ?? []
  return { language: tag.split(/[-_]/)[0]?.toLowerCase() ?? '', quality: Number(quality) }
}

// For the operator: a provider works again. Nothing mails it yet: alerts leave through ALERT_WEBHOOK_URL.
import { copies } from './copy/index.ts'
import { instant } from './format.ts'
import { type Mail, oneLine } from './mail.ts'
import { Notice, noticeText, type Words } from './notice.tsx'
import { sentences } from './text.ts'

export type ProviderRecoveredData = {
  provider: string
  /** Stable reason of the failures that ended, e.g. `timeout`; null where there was none. */
  code: string | null
  /** Since when it works: ISO instant. */
  at: string
  /** IANA name of the zone `at` is told in; UTC unless told. */
  timeZone?: string
}

type Props = Mail<ProviderRecoveredData>

export const ProviderRecovered = (mail: Props) => <Notice mail={mail} words={words(mail)} />

ProviderRecovered.PreviewProps = {
  locale: 'es',
  brand: { appName: 'Cine Central' },
  data: { provider: 'resend', code: 'timeout', at: '2026-03-03T19:05:00Z', timeZone: 'America/Bogota' },
} satisfies Props

export default ProviderRecovered

export const subject = ({ locale, brand, data }: Props): string =>
  oneLine(copies[locale].providerRecovered.subject(brand.appName, data.provider))
export const short = (mail: Props): string => sentences([subject(mail), copies[mail.locale].providerRecovered.lead])
export const text = (mail: Props): string => noticeText(mail, words(mail))

function words({ locale, data }: Props): Words {
  const { facts, providerRecovered: copy } = copies[locale]
  return {
    heading: copy.heading(oneLine(data.provider)),
    lead: copy.lead,
    facts: [
      [facts.since, instant(data.at, locale, data.timeZone)],
      [facts.failedBy, data.code],
    ],
  }
}

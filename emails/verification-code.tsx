// The mail that carries a one-time code. In every part the code is the first run of digits, so that phones and mail
// programs find it; the subject never holds it, because subjects show on locked screens and in logs.
import { Button, Heading, Hr, Link, Section, Text } from 'react-email'
import type { KnownPurpose } from './copy/copy.ts'
import { copies } from './copy/index.ts'
import { Layout } from './layout.tsx'
import { type Mail, oneLine } from './mail.ts'
import { styles } from './theme.ts'

export type VerificationCodeData = {
  code: string
  /** How long the code lives from now. */
  minutes: number
  /** Does the same as typing the code; null where there is no page for it. */
  link: string | null
  /** Slug of what the code is for. */
  purpose: string
}

type Props = Mail<VerificationCodeData>

export function VerificationCode({ locale, brand, data }: Props) {
  const copy = copies[locale].verificationCode
  const { heading, lead, other } = purposeOf({ locale, brand, data })
  const preview = `${copy.isYourCode(data.code)} ${copy.lasts(data.minutes)}`
  return (
    <Layout locale={locale} brand={brand} title={copy.title} preview={preview} digitsLead>
      <Heading className="ink" style={styles.heading}>
        {heading}
      </Heading>
      <Text className="ink" style={styles.text}>
        {lead}
      </Text>
      <Section className="panel" style={styles.panel}>
        <Text className="accent" style={styles.code}>
          {data.code}
        </Text>
      </Section>
      <Text className="muted" style={styles.note}>
        {copy.lasts(data.minutes)}
        {other !== null && (
          <>
            <br />
            {other}
          </>
        )}
      </Text>
      {data.link !== null && (
        <>
          <Section style={styles.action}>
            <Button className="button" href={data.link} style={styles.button}>
              {copy.open}
            </Button>
          </Section>
          <Text className="muted" style={styles.note}>
            {copy.buttonFails}
            <br />
            <Link className="accent" href={data.link} style={styles.link}>
              {data.link}
            </Link>
          </Text>
        </>
      )}
      <Hr className="rule" style={styles.rule} />
      <Text className="muted" style={styles.note}>
        {copy.notYou}
      </Text>
    </Layout>
  )
}

VerificationCode.PreviewProps = {
  locale: 'es',
  brand: { appName: 'Cine Central' },
  data: { code: '482915', minutes: 10, link: 'https://app.example/verify#zYk3Vt8Qm1xw5nRb7LcD2g', purpose: 'register' },
} satisfies Props

export default VerificationCode

export function subject({ locale, brand }: Props): string {
  return copies[locale].verificationCode.subject(brand.appName)
}

export function text(mail: Props): string {
  const { locale, brand, data } = mail
  const copy = copies[locale].verificationCode
  const { lead, other } = purposeOf(mail)
  const paragraphs = [
    copy.isYourCode(data.code),
    `${lead}\n${copy.lasts(data.minutes)}`,
    other,
    data.link && `${copy.orOpen}\n${data.link}`,
    copy.notYou,
    copies[locale].sentBy(brand.appName),
  ]
  return `${paragraphs.filter(Boolean).join('\n\n')}\n`
}

/** `other` names a purpose we have no words for; it may hold digits, so it is told after the code. */
function purposeOf({ locale, data }: Props): { heading: string; lead: string; other: string | null } {
  const copy = copies[locale].verificationCode
  if (Object.hasOwn(copy.purposes, data.purpose)) return { ...copy.purposes[data.purpose as KnownPurpose], other: null }
  const words = oneLine(data.purpose.replace(/[-_]+/g, ' '))
  return { heading: copy.title, lead: copy.lead, other: words ? copy.requestedFor(words) : null }
}

// A mail that carries a one-time code. In every part the code is the first run of digits, so that phones and mail
// programs find it; the subject never holds it, because subjects show on locked screens and in logs.
import { Heading, Hr, Section, Text } from 'react-email'
import { copies } from './copy/index.ts'
import { Layout } from './layout.tsx'
import type { Mail } from './mail.ts'
import { Action, paragraphs } from './parts.tsx'
import { styles } from './theme.ts'

/** What the mail says, in the order it is read. `title`, `heading` and `lead` hold no digits. */
export interface CodeWords {
  title: string
  heading: string
  lead: string
  /** Begins with the code: first line of the text part and of the preview. */
  isYourCode: string
  lasts: string
  /** One more line under the code. */
  other: string | null
  /** Label of the button that does the same as typing the code, and the line before its address in the text part. */
  open: string
  orOpen: string
  notYou: string
}

interface Data {
  code: string
  link: string | null
}

export function CodeMail({ mail: { locale, brand, data }, words }: { mail: Mail<Data>; words: CodeWords }) {
  const preview = `${words.isYourCode} ${words.lasts}`
  return (
    <Layout locale={locale} brand={brand} title={words.title} preview={preview} digitsLead>
      <Heading className="ink" style={styles.heading}>
        {words.heading}
      </Heading>
      <Text className="ink" style={styles.text}>
        {words.lead}
      </Text>
      <Section className="panel" style={styles.panel}>
        <Text className="accent" style={styles.code}>
          {data.code}
        </Text>
      </Section>
      <Text className="muted" style={styles.note}>
        {words.lasts}
        {words.other !== null && (
          <>
            <br />
            {words.other}
          </>
        )}
      </Text>
      {data.link !== null && <Action locale={locale} href={data.link} label={words.open} />}
      <Hr className="rule" style={styles.rule} />
      <Text className="muted" style={styles.note}>
        {words.notYou}
      </Text>
    </Layout>
  )
}

export function codeText({ locale, brand, data }: Mail<Data>, words: CodeWords): string {
  return paragraphs([
    words.isYourCode,
    `${words.lead}\n${words.lasts}`,
    words.other,
    data.link && `${words.orOpen}\n${data.link}`,
    words.notYou,
    copies[locale].sentBy(brand.appName),
  ])
}

// What a mail with a one-time code looks like. `npm run mails` compiles it into code-page.ts, which is what is sent.
import { Heading, Hr, Section, Text } from 'react-email'
import { type CodeData, type CodeWords, previewOf } from './code-words.ts'
import { Layout } from './layout.tsx'
import type { Mail } from './mail.ts'
import { Action } from './parts.tsx'
import { styles } from './theme.ts'

export function CodeMail({ mail: { locale, brand, data }, words }: { mail: Mail<CodeData>; words: CodeWords }) {
  return (
    <Layout locale={locale} brand={brand} title={words.title} preview={previewOf(words)} digitsLead>
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

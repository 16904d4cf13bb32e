// A mail that tells what happened: a heading, a sentence, the facts, what to do. Page and text part are made from the
// same words, so that neither can leave anything out.
import { Heading, Hr, Link, Section, Text } from 'react-email'
import { copies } from './copy/index.ts'
import { Layout } from './layout.tsx'
import { type Mail, oneLine } from './mail.ts'
import { Action } from './parts.tsx'
import { paragraphs } from './text.ts'
import { styles } from './theme.ts'

/** What the mail says, in the order it is read. */
export interface Words {
  heading: string
  lead: string
  /** Label and value; those without a value are left out. */
  facts?: readonly (readonly [label: string, value: string | null | undefined])[]
  /** What to do if it was not you. */
  warning?: { question: string; advice: string }
  action?: { label: string; href: string | null }
  /** A lesser way, told in one line. */
  second?: { question: string; label: string; href: string | null }
  note?: string
}

interface Props {
  mail: Mail<unknown>
  words: Words
}

export function Notice({ mail: { locale, brand }, words }: Props) {
  const { heading, lead, warning, action, second, note } = words
  const facts = factsOf(words)
  return (
    <Layout locale={locale} brand={brand} title={heading} preview={lead}>
      <Heading className="ink" style={styles.openHeading}>
        {heading}
      </Heading>
      <Text className="ink" style={facts.length > 0 ? styles.text : styles.lastText}>
        {lead}
      </Text>
      {facts.length > 0 && <Facts facts={facts} />}
      {warning && (
        <>
          <Hr className="rule" style={styles.rule} />
          <Text className="ink" style={styles.question}>
            {warning.question}
          </Text>
          <Text className="ink" style={styles.advice}>
            {warning.advice}
          </Text>
        </>
      )}
      {action?.href && <Action locale={locale} href={action.href} label={action.label} />}
      {second?.href && (
        <Text className="muted" style={styles.note}>
          {second.question}{' '}
          <Link className="accent" href={second.href} style={styles.wordLink}>
            {second.label}
          </Link>
        </Text>
      )}
      {note && (
        <>
          <Hr className="rule" style={styles.rule} />
          <Text className="muted" style={styles.note}>
            {note}
          </Text>
        </>
      )}
    </Layout>
  )
}

function Facts({ facts }: { facts: [string, string][] }) {
  return (
    <Section className="panel" style={styles.facts}>
      {facts.map(([label, value], index) => (
        <div key={label}>
          <Text className="muted" style={styles.factLabel}>
            {label}
          </Text>
          <Text className="ink" style={index < facts.length - 1 ? styles.fact : styles.lastFact}>
            {value}
          </Text>
        </div>
      ))}
    </Section>
  )
}

export function noticeText({ locale, brand }: Mail<unknown>, words: Words): string {
  const { heading, lead, warning, action, second, note } = words
  return paragraphs([
    heading,
    lead,
    factsOf(words)
      .map(([label, value]) => `${label}: ${value}`)
      .join('\n'),
    warning && `${warning.question}\n${warning.advice}`,
    action?.href && `${action.label}:\n${action.href}`,
    second?.href && `${second.question} ${second.label}:\n${second.href}`,
    note,
    copies[locale].sentBy(brand.appName),
  ])
}

function factsOf({ facts = [] }: Words): [string, string][] {
  return facts.flatMap(([label, value]): [string, string][] => {
    const shown = oneLine(value ?? '')
    return shown ? [[label, shown]] : []
  })
}

// A mail that tells what happened: a heading, a sentence, the facts, what to do. Page and text part are made from the
// same words, so that neither can leave anything out.
import { type CSSProperties, createElement, Fragment } from 'react'
import { Heading, Hr, Link, Section, Text } from 'react-email'
import { copies } from './copy/index.ts'
import { Layout } from './layout.tsx'
import { type Mail, oneLine } from './mail.ts'
import { Action } from './parts.tsx'
import { paragraphs } from './text.ts'
import { styles } from './theme.ts'
import { Ticket } from './ticket.tsx'

/** What the mail says, in the order it is read. */
export interface Words {
  heading: string
  lead: string
  /** In the place of the lead, which is then only what lists of mails show: paragraphs of lines. */
  paragraphs?: readonly (readonly string[])[]
  /** What the QR says; null = there is none. */
  ticket?: string | null
  /** Label and value; those without a value are left out. */
  facts?: readonly Fact[]
  /** More of them, in a panel of their own. */
  receipt?: readonly Fact[]
  /** What to do if it was not you. */
  warning?: { question: string; advice: string }
  action?: { label: string; href: string | null }
  /** A lesser way, told in one line. */
  second?: { question: string; label: string; href: string | null }
  note?: string
}

export type Fact = readonly [label: string, value: string | null | undefined]

interface Props {
  mail: Mail<unknown>
  words: Words
}

export function Notice({ mail: { locale, brand }, words }: Props) {
  const { heading, lead, warning, action, second, note } = words
  const paragraphs = words.paragraphs ?? [[lead]]
  const panels = [factsOf(words.facts), factsOf(words.receipt)].filter((facts) => facts.length > 0)
  const endsInText = panels.length === 0 && !words.ticket
  return (
    <Layout locale={locale} brand={brand} title={heading} preview={lead}>
      <Heading className="ink" style={styles.openHeading}>
        {heading}
      </Heading>
      <Paragraphs of={paragraphs} last={endsInText ? styles.lastText : styles.text} />
      {words.ticket && <Ticket locale={locale} code={words.ticket} />}
      {panels.map((facts, index) => (
        <Facts key={facts[0]?.[0]} facts={facts} isFirst={index === 0 && !words.ticket} />
      ))}
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
      {action?.href && <Action locale={locale} href={action.href} label={oneLine(action.label)} />}
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

function Paragraphs({ of, last }: { of: readonly (readonly string[])[]; last: CSSProperties }) {
  const breaks = (lines: readonly string[]) => lines.flatMap((line) => [<br key={line} />, line]).slice(1)
  return of.map((lines, index) => (
    <Text key={lines.join()} className="ink" style={index < of.length - 1 ? styles.paragraph : last}>
      {createElement(Fragment, null, ...breaks(lines))}
    </Text>
  ))
}

function Facts({ facts, isFirst }: { facts: [string, string][]; isFirst: boolean }) {
  return (
    <Section className="panel" style={isFirst ? styles.facts : styles.nextFacts}>
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
    ...(words.paragraphs ?? [[lead]]).map((lines) => lines.join('\n')),
    words.ticket && `${copies[locale].ticket.code}:\n${oneLine(words.ticket)}`,
    linesOf(words.facts),
    linesOf(words.receipt),
    warning && `${warning.question}\n${warning.advice}`,
    action?.href && `${oneLine(action.label)}:\n${action.href}`,
    second?.href && `${second.question} ${second.label}:\n${second.href}`,
    note,
    copies[locale].sentBy(brand.appName),
  ])
}

const linesOf = (facts: Words['facts']): string =>
  factsOf(facts)
    .map(([label, value]) => `${label}: ${value}`)
    .join('\n')

function factsOf(facts: Words['facts'] = []): [string, string][] {
  return facts.flatMap(([label, value]): [string, string][] => {
    const shown = oneLine(value ?? '')
    return shown ? [[label, shown]] : []
  })
}

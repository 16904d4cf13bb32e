// The frame around every mail: head, hidden preview line, the app's name, a card, a foot.
import type { ReactNode } from 'react'
import { Body, Container, Head, Html, Preview, Section, Text } from 'react-email'
import { copies } from './copy/index.ts'
import type { Brand, Locale } from './mail.ts'
import { holdsDigits } from './text.ts'
import { sheet, styles } from './theme.ts'

interface Props {
  locale: Locale
  brand: Brand
  /** Document title; some clients read it aloud before anything else. */
  title: string
  /** What the list of mails shows after the subject. */
  preview: string
  /** True where programs look for the first digits of the mail: a name that holds some is then only told at the foot. */
  digitsLead?: boolean
  children: ReactNode
}

export function Layout({ locale, brand, title, preview, digitsLead = false, children }: Props) {
  const nameLeads = !(digitsLead && holdsDigits(brand.appName))
  return (
    <Html lang={locale}>
      <Head>
        <title>{title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no" />
        <style>{sheet}</style>
      </Head>
      <Body lang={locale} className="page" style={styles.page}>
        <Preview useTitleTag={false}>{preview}</Preview>
        <Container className="frame" style={styles.frame}>
          {nameLeads && (
            <Text className="ink" style={styles.brand}>
              {brand.appName}
            </Text>
          )}
          <Section className="card" tdClassName="card-cell" style={styles.card}>
            {children}
          </Section>
          <Text className="muted" style={styles.footer}>
            {copies[locale].sentBy(brand.appName)}
          </Text>
        </Container>
      </Body>
    </Html>
  )
}

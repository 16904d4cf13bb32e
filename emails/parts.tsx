// Pieces that several mails share.
import { Button, Link, Section, Text } from 'react-email'
import { copies } from './copy/index.ts'
import type { Locale } from './mail.ts'
import { styles } from './theme.ts'

/** A button, and its address in full for those whose program shows none. */
export function Action({ locale, href, label }: { locale: Locale; href: string; label: string }) {
  return (
    <>
      <Section style={styles.action}>
        <Button className="button" href={href} style={styles.button}>
          {label}
        </Button>
      </Section>
      <Text className="muted" style={styles.note}>
        {copies[locale].buttonFails}
        <br />
        <Link className="accent" href={href} style={styles.link}>
          {href}
        </Link>
      </Text>
    </>
  )
}

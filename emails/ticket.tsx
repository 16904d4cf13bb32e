// The QR of a ticket, and the same in words for who is shown no images.
import { Img, Section, Text } from 'react-email'
import { copies } from './copy/index.ts'
import { type Locale, oneLine } from './mail.ts'
import { styles } from './theme.ts'

/** Content id of the image, which is also its file name: some vendors know no other. */
export const QR_CID = 'qr.png'
/** A longer code has finer modules, so it is shown larger: still within a phone of 320 px. */
const LONG = 100

export function Ticket({ locale, code }: { locale: Locale; code: string }) {
  const { image, code: label } = copies[locale].ticket
  const isLong = code.length > LONG
  const size = isLong ? 228 : 196
  return (
    <Section className="panel" style={styles.ticket}>
      {/* Its height follows, so that no empty square is left where images are off. */}
      <Img src={`cid:${QR_CID}`} alt={image} width={size} style={styles.qr} />
      <Text className="muted" style={styles.factLabel}>
        {label}
      </Text>
      <Text className="ink" style={isLong ? styles.longTicketCode : styles.ticketCode}>
        {oneLine(code)}
      </Text>
    </Section>
  )
}

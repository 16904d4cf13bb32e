// Whatever else a service has to say, in its own words.
import { copies } from './copy/index.ts'
import { type Mail, oneLine } from './mail.ts'
import { Notice, noticeText, type Words } from './notice.tsx'
import { paragraphsOf, sentences } from './text.ts'

export type NoteData = {
  /** Also the subject. */
  title: string | null
  /** Plain; blank lines part paragraphs. */
  text: string
  action: { label: string; href: string } | null
}

type Props = Mail<NoteData>

export const Note = (mail: Props) => <Notice mail={mail} words={words(mail)} />

Note.PreviewProps = {
  locale: 'es',
  brand: { appName: 'Cine Central' },
  data: {
    title: 'Cambio de sala en Cine Central',
    text: 'Tu función de esta noche pasa a la sala 5.\n\nLos asientos son los mismos.\nNo tienes que hacer nada.',
    action: { label: 'Ver mi compra', href: 'https://app.example/compras/TRANS123' },
  },
} satisfies Props

export default Note

export const subject = ({ locale, brand, data }: Props): string =>
  oneLine(data.title ?? '') || copies[locale].note.subject(brand.appName)
export const text = (mail: Props): string => noticeText(mail, words(mail))
export const short = (mail: Props): string =>
  sentences([
    `${mail.brand.appName}: ${oneLine(mail.data.title ?? '')}`.replace(/: $/, ':'),
    mail.data.text,
    mail.data.action?.href,
  ])

function words(mail: Props): Words {
  const { text, action } = mail.data
  return {
    heading: subject(mail),
    lead: oneLine(text),
    paragraphs: paragraphsOf(text),
    ...(action && { action }),
  }
}

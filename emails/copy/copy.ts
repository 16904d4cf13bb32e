// The shape of all words that mails use: one file per language fills it.

/** Purposes with words of their own; any other is shown as its slug says. */
export type KnownPurpose = 'register' | 'login' | 'recovery' | 'email-change'

export interface Copy {
  /** The foot of every mail. */
  sentBy(appName: string): string
  verificationCode: {
    subject(appName: string): string
    /** Title, and heading for purposes without words of their own. No digits: the code is the first the mail shows. */
    title: string
    /** What stands over the code. No digits here either. */
    purposes: Record<KnownPurpose, { heading: string; lead: string }>
    lead: string
    /** First line of the text part and of the preview: begins with the code. */
    isYourCode(code: string): string
    lasts(minutes: number): string
    requestedFor(purpose: string): string
    open: string
    orOpen: string
    buttonFails: string
    notYou: string
  }
}

// The shape of all words that mails use: one file per language fills it.

/** Purposes with words of their own; any other is shown as its slug says. */
export type KnownPurpose = 'register' | 'login' | 'recovery' | 'email-change'

export interface Copy {
  /** The foot of every mail. */
  sentBy(appName: string): string
  buttonFails: string
  codeLasts(minutes: number): string
  choosePassword: string
  ifYou: string
  wasNotYou: string
  /** What stands before a fact. */
  facts: Record<'when' | 'since' | 'device' | 'username' | 'email' | 'total' | 'reason' | 'failedBy', string>
  /** The same for what somebody bought. */
  bought: Record<Bought, string>
  ticket: {
    /** In the place of the image where none is shown, and what stands over the code in words. */
    image: string
    code: string
    /** For the short form. */
    seats(list: string): string
    room(room: string): string
    invoice(number: string): string
    total(amount: string): string
  }
  verificationCode: CodeCopy & {
    /** What stands over the code, when the purpose has words of its own. No digits here either. */
    purposes: Record<KnownPurpose, { heading: string; lead: string }>
    open: string
    requestedFor(purpose: string): string
  }
  recoveryCode: CodeCopy & { heading: string; signsOut: string }
  passwordChanged: {
    subject(appName: string): string
    heading: string
    lead: string
    advice: string
    adviceWithoutLink: string
  }
  addressChanged: Record<'email' | 'phone', AddressCopy> & {
    advice: string
    adviceWithoutLink(appName: string): string
  }
  alreadyRegistered: {
    subject(appName: string): string
    heading: string
    lead(appName: string): string
    signIn: string
    forgot: string
    notYou: string
  }
  welcome: {
    subject(appName: string): string
    /** The name may be empty. */
    heading(name: string): string
    lead(appName: string): string
  }
  purchaseConfirmed: {
    subject(appName: string, invoice: string): string
    heading: string
    lead: string
    /** Where the mail brings the ticket. */
    leadWithTicket: string
    short(appName: string): string
  }
  purchaseCancelled: {
    subject(appName: string, invoice: string): string
    heading: string
    lead: string
    /** `days` may be 0. */
    refund(amount: string, method: string | null, days: number | null): string
    short(appName: string): string
  }
  showReminder: {
    subject(appName: string, film: string): string
    heading: string
    lead(appName: string): string
    /** Where the mail brings the ticket. */
    showTicket: string
  }
  note: { subject(appName: string): string }
  newSignUp: { subject(appName: string, username: string): string; heading: string; lead(appName: string): string }
  providerDown: ProviderCopy
  providerRecovered: ProviderCopy
}

type Bought =
  | 'film'
  | 'show'
  | 'room'
  | 'seats'
  | 'invoice'
  | 'total'
  | 'method'
  | 'status'
  | 'purchased'
  | 'due'
  | 'cancelled'
  | 'refund'

interface CodeCopy {
  subject(appName: string): string
  /** Title of the page. No digits: the code is the first the mail shows. */
  title: string
  lead: string
  /** First line of the text part and of the preview: begins with the code. */
  isYourCode(code: string): string
  orOpen: string
  notYou: string
}

interface AddressCopy {
  subject(appName: string): string
  heading: string
  lead(appName: string): string
  /** What stands before the new one. */
  new: string
}

interface ProviderCopy {
  subject(appName: string, provider: string): string
  heading(provider: string): string
  lead: string
}

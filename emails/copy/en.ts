// Every word of the mails in English.
import type { Copy } from './copy.ts'

export const en: Copy = {
  sentBy: (appName) => `Automatic message from ${appName}.`,
  verificationCode: {
    subject: (appName) => `Your ${appName} verification code`,
    title: 'Your verification code',
    purposes: {
      register: { heading: 'Confirm your e-mail', lead: 'Enter this code to finish signing up.' },
      login: { heading: 'Sign in', lead: 'Enter this code to get into your account.' },
      recovery: { heading: 'Recover your access', lead: 'Enter this code to choose a new password.' },
      'email-change': { heading: 'Confirm your new e-mail', lead: 'Enter this code to use this address.' },
    },
    lead: 'Enter it on the page where you asked for it.',
    isYourCode: (code) => `${code} is your verification code.`,
    lasts: (minutes) => `It expires in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} and works only once.`,
    requestedFor: (purpose) => `Requested for: ${purpose}`,
    open: 'Continue without typing it',
    orOpen: 'Or continue without typing it, from this link:',
    buttonFails: 'Button not working? Copy this address into your browser:',
    notYou: 'Didn’t ask for this? Ignore this message: nothing happens without the code. Never share it with anyone.',
  },
}

// Every word of the mails in English.
import type { Copy } from './copy.ts'

export const en: Copy = {
  sentBy: (appName) => `Automatic message from ${appName}.`,
  buttonFails: 'Button not working? Copy this address into your browser:',
  codeLasts: (minutes) => `It expires in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} and works only once.`,
  choosePassword: 'Choose a new password',
  ifYou: 'If it was you, there is nothing left to do.',
  wasNotYou: 'Not you?',
  facts: {
    when: 'When',
    since: 'Since',
    device: 'Device',
    username: 'Username',
    email: 'E-mail',
    total: 'Accounts so far',
    reason: 'Reason',
    failedBy: 'It had failed with',
  },
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
    requestedFor: (purpose) => `Requested for: ${purpose}`,
    open: 'Continue without typing it',
    orOpen: 'Or continue without typing it, from this link:',
    notYou: 'Didn’t ask for this? Ignore this message: nothing happens without the code. Never share it with anyone.',
  },
  recoveryCode: {
    subject: (appName) => `Your ${appName} recovery code`,
    title: 'Your recovery code',
    heading: 'Recover your access',
    lead: 'Enter this code to choose a new password.',
    isYourCode: (code) => `${code} is your recovery code.`,
    signsOut: 'The new password will sign you out on every device.',
    orOpen: 'Or choose it without typing the code, from this link:',
    notYou: 'Not you? Ignore this message: nobody can change your password without it. Never share it with anyone.',
  },
  passwordChanged: {
    subject: (appName) => `Your ${appName} password was changed`,
    heading: 'Your password was changed',
    lead: 'Only the new one works now, and every other session was signed out.',
    advice:
      'Choose a new password right away: it shuts out whoever changed it. Then check who else can read your e-mail.',
    adviceWithoutLink:
      'Ask for a recovery code on the sign-in page right away and choose a new password. Then check who else can read your e-mail.',
  },
  addressChanged: {
    email: {
      subject: (appName) => `The e-mail of your ${appName} account was changed`,
      heading: 'Your e-mail was changed',
      lead: (appName) => `Your ${appName} account now has another e-mail in place of this one.`,
      new: 'New e-mail',
    },
    phone: {
      subject: (appName) => `The phone of your ${appName} account was changed`,
      heading: 'Your phone was changed',
      lead: (appName) => `Your ${appName} account now has another phone in place of the one you had.`,
      new: 'New phone',
    },
    advice: 'Choose a new password right away: it shuts out whoever made the change. Then undo it in your account.',
    adviceWithoutLink: (appName) =>
      `Sign in right away, choose a new password and undo the change. If you can’t get in, tell ${appName}.`,
  },
  alreadyRegistered: {
    subject: (appName) => `You already have a ${appName} account`,
    heading: 'You already have an account',
    lead: (appName) =>
      `Someone tried to sign up at ${appName} with your e-mail. If it was you, just sign in: your account is still here.`,
    signIn: 'Sign in',
    forgot: 'Forgot your password?',
    notYou: 'Not you? Ignore this message: nothing in your account has changed.',
  },
  welcome: {
    subject: (appName) => `Welcome to ${appName}`,
    heading: (name) => (name ? `Hello, ${name}` : 'Hello'),
    lead: (appName) => `Welcome to ${appName}. Your account is ready, and we’re glad you’re here.`,
  },
  newSignUp: {
    subject: (appName, username) => `New sign-up at ${appName}: ${username}`,
    heading: 'New sign-up',
    lead: (appName) => `Someone has just opened an account at ${appName}.`,
  },
  providerDown: {
    subject: (appName, provider) => `${appName}: ${provider} is down`,
    heading: (provider) => `${provider} is down`,
    lead: 'Messages leave through the other providers or wait until it is back. You’ll hear from us when it works again.',
  },
  providerRecovered: {
    subject: (appName, provider) => `${appName}: ${provider} works again`,
    heading: (provider) => `${provider} works again`,
    lead: 'Messages leave through it again. There is nothing to do.',
  },
}

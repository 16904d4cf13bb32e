// The table of templates. To add one: write its .tsx (props → markup, subject, text, PreviewProps), put its words into
// copy/copy.ts and each language, add a row here.

import * as addressChanged from './address-changed.tsx'
import * as alreadyRegistered from './already-registered.tsx'
import type { Template } from './mail.ts'
import * as newSignUp from './new-sign-up.tsx'
import * as note from './note.tsx'
import * as passwordChanged from './password-changed.tsx'
import * as providerDown from './provider-down.tsx'
import * as providerRecovered from './provider-recovered.tsx'
import * as purchaseCancelled from './purchase-cancelled.tsx'
import * as purchaseConfirmed from './purchase-confirmed.tsx'
import * as recoveryCode from './recovery-code.tsx'
import * as showReminder from './show-reminder.tsx'
import * as verificationCode from './verification-code.tsx'
import * as welcome from './welcome.tsx'

export const templates: readonly Template[] = [
  {
    name: 'purchase-confirmed',
    version: 1,
    component: purchaseConfirmed.PurchaseConfirmed,
    subject: purchaseConfirmed.subject,
    text: purchaseConfirmed.text,
    short: purchaseConfirmed.short,
    qr: purchaseConfirmed.qr,
    preview: purchaseConfirmed.PurchaseConfirmed.PreviewProps,
  },
  {
    name: 'purchase-cancelled',
    version: 1,
    component: purchaseCancelled.PurchaseCancelled,
    subject: purchaseCancelled.subject,
    text: purchaseCancelled.text,
    short: purchaseCancelled.short,

    preview: purchaseCancelled.PurchaseCancelled.PreviewProps,
  },
  {
    name: 'show-reminder',
    version: 1,
    component: showReminder.ShowReminder,
    subject: showReminder.subject,
    text: showReminder.text,
    short: showReminder.short,
    qr: showReminder.qr,
    preview: showReminder.ShowReminder.PreviewProps,
  },
  {
    name: 'note',
    version: 1,
    component: note.Note,
    subject: note.subject,
    text: note.text,
    short: note.short,

    preview: note.Note.PreviewProps,
  },
  {
    name: 'verification-code',
    version: 1,
    component: verificationCode.VerificationCode,
    subject: verificationCode.subject,
    text: verificationCode.text,
    short: verificationCode.short,
    preview: verificationCode.VerificationCode.PreviewProps,
  },
  {
    name: 'recovery-code',
    version: 1,
    component: recoveryCode.RecoveryCode,
    subject: recoveryCode.subject,
    text: recoveryCode.text,
    short: recoveryCode.short,
    preview: recoveryCode.RecoveryCode.PreviewProps,
  },
  {
    name: 'password-changed',
    version: 1,
    component: passwordChanged.PasswordChanged,
    subject: passwordChanged.subject,
    text: passwordChanged.text,
    preview: passwordChanged.PasswordChanged.PreviewProps,
  },
  {
    name: 'address-changed',
    version: 1,
    component: addressChanged.AddressChanged,
    subject: addressChanged.subject,
    text: addressChanged.text,
    preview: addressChanged.AddressChanged.PreviewProps,
  },
  {
    name: 'already-registered',
    version: 1,
    component: alreadyRegistered.AlreadyRegistered,
    subject: alreadyRegistered.subject,
    text: alreadyRegistered.text,
    preview: alreadyRegistered.AlreadyRegistered.PreviewProps,
  },
  {
    name: 'welcome',
    version: 1,
    component: welcome.Welcome,
    subject: welcome.subject,
    text: welcome.text,
    short: welcome.short,
    preview: welcome.Welcome.PreviewProps,
  },
  {
    name: 'new-sign-up',
    version: 1,
    component: newSignUp.NewSignUp,
    subject: newSignUp.subject,
    text: newSignUp.text,
    preview: newSignUp.NewSignUp.PreviewProps,
  },
  {
    name: 'provider-down',
    version: 1,
    component: providerDown.ProviderDown,
    subject: providerDown.subject,
    text: providerDown.text,
    short: providerDown.short,
    preview: providerDown.ProviderDown.PreviewProps,
  },
  {
    name: 'provider-recovered',
    version: 1,
    component: providerRecovered.ProviderRecovered,
    subject: providerRecovered.subject,
    text: providerRecovered.text,
    short: providerRecovered.short,
    preview: providerRecovered.ProviderRecovered.PreviewProps,
  },
]

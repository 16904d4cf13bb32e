// The table of templates. To add one: write its .tsx (props → markup, subject, text, PreviewProps), put its words into
// copy/copy.ts and each language, add a row here.

import * as addressChanged from './address-changed.tsx'
import * as alreadyRegistered from './already-registered.tsx'
import type { Template } from './mail.ts'
import * as newSignUp from './new-sign-up.tsx'
import * as passwordChanged from './password-changed.tsx'
import * as providerDown from './provider-down.tsx'
import * as providerRecovered from './provider-recovered.tsx'
import * as recoveryCode from './recovery-code.tsx'
import * as verificationCode from './verification-code.tsx'
import * as welcome from './welcome.tsx'

export const templates: readonly Template[] = [
  {
    name: 'verification-code',
    version: 1,
    component: verificationCode.VerificationCode,
    subject: verificationCode.subject,
    text: verificationCode.text,
    preview: verificationCode.VerificationCode.PreviewProps,
  },
  {
    name: 'recovery-code',
    version: 1,
    component: recoveryCode.RecoveryCode,
    subject: recoveryCode.subject,
    text: recoveryCode.text,
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
    preview: providerDown.ProviderDown.PreviewProps,
  },
  {
    name: 'provider-recovered',
    version: 1,
    component: providerRecovered.ProviderRecovered,
    subject: providerRecovered.subject,
    text: providerRecovered.text,
    preview: providerRecovered.ProviderRecovered.PreviewProps,
  },
]

// The table of templates. To add one: write its .tsx (props → markup, subject, text, PreviewProps), put its words into
// copy/copy.ts and each language, add a row here.
import type { Template } from './mail.ts'
import * as verificationCode from './verification-code.tsx'

export const templates: readonly Template[] = [
  {
    name: 'verification-code',
    version: 1,
    component: verificationCode.VerificationCode,
    subject: verificationCode.subject,
    text: verificationCode.text,
    preview: verificationCode.VerificationCode.PreviewProps,
  },
]

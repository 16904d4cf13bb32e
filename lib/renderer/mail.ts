// The Renderer port by React Email. React and the templates are loaded with the first mail that is not compiled, never
// with an accept and never with a code.
import { oneLine } from '../../emails/mail.ts'
import { VERSIONS } from '../../emails/versions.ts'
import { base64 } from '../bytes.ts'
import type { Attachment } from '../ports/provider.ts'
import type { Rendered, Renderer, RenderInput } from '../ports/renderer.ts'
import { userMail } from '../templates/user-mail.ts'
import { renderUserMail, USER_MAIL_VERSION } from './user-mail.ts'

export function mailRenderer(): Renderer {
  let loaded: Awaited<ReturnType<typeof load>> | undefined
  return {
    versionOf(template) {
      const version = template === userMail.name ? USER_MAIL_VERSION : VERSIONS[template]
      if (version === undefined) throw new Error(`no template ${template}`)
      return version
    },
    async clean(html) {
      // One after the other: both bring the same parser, and Node refuses to require() a module that is still being imported.
      const { cleanHtml } = await import('./user-html.ts')
      const { textOf } = await import('./html-text.ts')
      const clean = cleanHtml(html)
      return { html: clean, text: textOf(clean) }
    },
    async render(input: RenderInput): Promise<Rendered> {
      const { template: name, version, locale, brand, data } = input
      if (name === userMail.name && version === USER_MAIL_VERSION) return renderUserMail(input)
      const mail = { locale, brand: { appName: oneLine(brand.appName) }, data }
      if (name.endsWith('-code')) {
        const { codeMail } = await import('./code-mail.ts')
        const compiled = codeMail({ template: name, version, ...mail })
        if (compiled) return { ...compiled, subject: oneLine(compiled.subject) }
      }
      // Kept once it is there: a failed load is tried again with the next mail.
      loaded ??= await load()
      const { templates, renderToStaticMarkup } = loaded
      const template = templates.find((row) => row.name === name && row.version === version)
      if (!template) throw new Error(`no template ${name} version ${version}`)
      const code = template.qr?.(mail) ?? null
      return {
        subject: oneLine(template.subject(mail)),
        html: `<!DOCTYPE html>${withoutPreloads(renderToStaticMarkup(template.component(mail)))}`,
        text: template.text(mail),
        short: template.short?.(mail) ?? null,
        attachments: code === null ? [] : [await qrImage(code)],
      }
    },
  }
}

async function load() {
  const [{ templates }, { renderToStaticMarkup }] = await Promise.all([
    import('../../emails/index.ts'),
    import('react-dom/server.edge'),
  ])
  return { templates, renderToStaticMarkup }
}

/** Vendors that know no content id take the file's name for it. */
async function qrImage(code: string): Promise<Attachment> {
  const [{ qrPng }, { QR_CID }] = await Promise.all([import('./qr.ts'), import('../../emails/ticket.tsx')])
  return { filename: QR_CID, contentType: 'image/png', content: base64(await qrPng(code)), contentId: QR_CID }
}

/** React 19 asks browsers to preload every image; in a mail that is a stray tag. */
function withoutPreloads(html: string): string {
  return html.replace(/<link rel="preload" as="image"[^>]*>/g, '')
}

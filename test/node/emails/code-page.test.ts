// The compiled page of the mails with a code is what their template gives today. `npm run mails` makes it anew.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { renderToStaticMarkup } from 'react-dom/server.edge'
import { describe, expect, it } from 'vitest'
import { templates } from '../../../emails/index.ts'
import type { RenderInput } from '../../../lib/ports/renderer.ts'
import { codeMail } from '../../../lib/renderer/code-mail.ts'
import { codePageSource } from '../../code-page.ts'

it('is compiled from the template as it is', async () => {
  await expect(codePageSource()).toMatchFileSnapshot('../../../emails/code-page.ts')
})

/** What the template itself says, by React. */
function byReact({ template: name, version, locale, brand, data }: RenderInput) {
  const template = templates.find((row) => row.name === name && row.version === version)
  if (!template) throw new Error(`no template ${name}`)
  const mail = { locale, brand, data }
  const html = `<!DOCTYPE html>${renderToStaticMarkup(template.component(mail))}`
  return {
    subject: template.subject(mail),
    html,
    text: template.text(mail),
    short: template.short?.(mail),
    attachments: [],
  }
}

const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ maxLength: 400, minLength: 150 }))
const mails = fc.record({
  template: fc.constantFrom('verification-code', 'recovery-code'),
  version: fc.constant(1),
  locale: fc.constantFrom('es' as const, 'en' as const),
  brand: fc.record({ appName: fc.oneof(text, fc.constantFrom('Cine 21', `"<Cine>" & 'Sur'`, '$& $1 \\')) }),
  data: fc.record({
    code: fc.oneof(fc.stringMatching(/^\d{6,8}$/), text),
    minutes: fc.integer({ min: 0, max: 10 }),
    link: fc.option(
      fc.oneof(
        fc.webUrl({ withQueryParameters: true, withFragments: true }),
        text.map((end) => `https://${end}`),
      ),
    ),
    purpose: fc.oneof(fc.constantFrom('login', 'register', 'recovery', 'email-change', '-', 'constructor', ''), text),
  }),
})

describe('the compiled mail', () => {
  it('is byte for byte what React makes of the template', () => {
    fc.assert(
      fc.property(mails, (input) => {
        expect(codeMail(input)).toEqual(byReact(input))
      }),
      { numRuns: 1_000 },
    )
  })

  it('leaves addresses of other kinds to React, which refuses some, and other mails too', () => {
    const mail = { template: 'recovery-code', version: 1, locale: 'en', brand: { appName: 'Cine' } } as const
    expect(codeMail({ ...mail, data: { code: '123456', minutes: 5, link: 'javascript:alert(1)' } })).toBeNull()
    expect(codeMail({ ...mail, template: 'welcome', data: {} })).toBeNull()
    expect(codeMail({ ...mail, version: 2, data: { code: '123456', minutes: 5, link: null } })).toBeNull()
  })

  it('is filled without React and without any template', () => {
    const seen = new Set<string>()
    const walk = (path: string) => {
      if (seen.has(path)) return
      seen.add(path)
      for (const [, type, name = ''] of readFileSync(path, 'utf8').matchAll(/^(import type )?.*from '(.+)'$/gm)) {
        if (type === undefined) walk(name.startsWith('.') ? join(dirname(path), name) : name)
      }
    }
    walk('lib/renderer/code-mail.ts')
    expect([...seen].filter((path) => !path.endsWith('.ts'))).toEqual([])
    expect([...seen]).toEqual(expect.arrayContaining(['emails/code-page.ts', 'emails/copy/es.ts']))
  })
})

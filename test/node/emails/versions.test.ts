// The renderer says with which version a new message is admitted, without loading a template.
import { expect, it } from 'vitest'
import { templates } from '../../../emails/index.ts'
import { VERSIONS } from '../../../emails/versions.ts'
import { mailRenderer } from '../../../lib/renderer/mail.ts'

it('names the newest version of every template there is', () => {
  const newest: Record<string, number> = {}
  for (const { name, version } of templates) newest[name] = Math.max(version, newest[name] ?? 0)
  expect(VERSIONS).toEqual(newest)
})

it('admits nothing of a template that nobody has', () => {
  expect(() => mailRenderer().versionOf('no-such-template')).toThrow('no template no-such-template')
  expect(mailRenderer().versionOf('welcome')).toBe(1)
})

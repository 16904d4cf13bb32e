// Addresses: what is one, in which form it is kept, and how it is shown.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskEmail, parseEmail, parseMailbox } from '../../../lib/names/address.ts'

describe('addresses', () => {
  it.each([
    ['Ana@Example.com', 'Ana@Example.com', 'ana@example.com'],
    ['ana+shop@example.com', 'ana+shop@example.com', 'ana@example.com'],
    ['a.n.a+x@gmail.com', 'a.n.a+x@gmail.com', 'ana@gmail.com'],
    ['a.n.a@googlemail.com', 'a.n.a@googlemail.com', 'ana@gmail.com'],
    ['a.n.a@example.com', 'a.n.a@example.com', 'a.n.a@example.com'],
    ['ana@BÜCHER.example', 'ana@xn--bcher-kva.example', 'ana@xn--bcher-kva.example'],
    ['ana@\u212Aino.example', 'ana@kino.example', 'ana@kino.example'],
    ['ana@gma\u0131l.example', 'ana@xn--gmal-nza.example', 'ana@xn--gmal-nza.example'],
    ['ana@ｇmail.com', 'ana@gmail.com', 'ana@gmail.com'],
    ['ana@b\u017ftep.example', 'ana@bstep.example', 'ana@bstep.example'],
    ["o'hara_1@sub.example.museum", "o'hara_1@sub.example.museum", "o'hara_1@sub.example.museum"],
  ])('%s is delivered to as typed and known as its normal form', (typed, deliver, normal) => {
    expect(parseEmail(typed)).toEqual({ deliver, normal })
  })

  it('never let a control character or a second address through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        const parsed = parseEmail(text)
        if (parsed) expect(parsed.deliver).toMatch(/^[\x21-\x7e]+$/)
        if (parsed) expect(parsed.deliver.split('@')).toHaveLength(2)
      }),
      { numRuns: 2_000 },
    )
  })

  it('are one person whatever the case and the tag', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (text) => {
        const [local = '', domain] = text.split('@')
        const tagged = `${local.toUpperCase()}+tag@${domain?.toUpperCase()}`
        if (local.length < 60 && !local.includes('+')) expect(parseEmail(tagged)?.normal).toBe(parseEmail(text)?.normal)
      }),
    )
  })

  it.each([
    ['Ana <ana@b.test>', { name: 'Ana', address: 'ana@b.test' }],
    ['"Cine, Sur" <a@b.test>', { name: 'Cine, Sur', address: 'a@b.test' }],
    ['a@b.test', { name: null, address: 'a@b.test' }],
    ['Ana <ana>', null],
    ['Ana\n <a@b.test>', null],
  ])('%j as a sender', (text, mailbox) => expect(parseMailbox(text)).toEqual(mailbox))

  it('are shown by their first letters only', () => expect(maskEmail('ana@mail.example.com')).toBe('a…@m….com'))
})

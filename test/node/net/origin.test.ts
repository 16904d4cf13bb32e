// Where a call came from: the network and the kind of program, never the address or the header.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { agentFamily, truncatedIp } from '../../../lib/net/origin.ts'

describe('the network of an IP', () => {
  it.each([
    ['203.0.113.7', '203.0.113.0/24'],
    ['203.0.113.0', '203.0.113.0/24'],
    ['10.200.30.255', '10.200.30.0/24'],
    ['0.0.0.0', '0.0.0.0/24'],
    ['::ffff:203.0.113.7', '203.0.113.0/24'],
    ['::ffff:cb00:7107', '203.0.113.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
    ['2001:DB8:0001::7', '2001:db8:1::/48'],
    ['2001:db8:1:ffff::', '2001:db8:1::/48'],
    ['2001:db8::1', '2001:db8::/48'],
    ['2001:db8:0:9::1', '2001:db8::/48'],
    ['2001::1', '2001::/48'],
    ['2001:0:10::1', '2001:0:10::/48'],
    ['0:0:5::1', '0:0:5::/48'],
    ['fe80::1', 'fe80::/48'],
    ['::1', '::/48'],
    ['::', '::/48'],
  ])('%s is %s', (ip, network) => {
    expect(truncatedIp(ip)).toBe(network)
    // Two of one network are kept alike, and a network is its own.
    expect(truncatedIp(network.replace(/\/\d+$/, ''))).toBe(network)
  })

  it.each([
    '',
    'unknown',
    '203.0.113',
    '203.0.113.256',
    '203.0.113.7:443',
    '203.0.113.7, 10.0.0.1',
    '[::1]',
    'fe80::1%eth0',
  ])('of %j is null', (text) => {
    expect(truncatedIp(text)).toBeNull()
  })

  it('never tells two addresses of one network apart', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.nat(255), (ip, last) => {
        expect(truncatedIp(ip)).toBe(truncatedIp(ip.replace(/\d+$/, String(last))))
      }),
    )
    const group = fc.nat(0xffff).map((n) => n.toString(16))
    const tail = fc.array(group, { minLength: 5, maxLength: 5 })
    fc.assert(
      fc.property(fc.array(group, { minLength: 3, maxLength: 3 }), tail, tail, (head, one, other) => {
        // The first five groups of an IPv4-mapped address are zero: that is the other form.
        fc.pre(head.some((part) => part !== '0'))
        expect(truncatedIp([...head, ...one].join(':'))).toBe(truncatedIp([...head, ...other].join(':')))
      }),
    )
  })
})

const APPLE = 'AppleWebKit/605.1.15 (KHTML, like Gecko)'
const BLINK = 'AppleWebKit/537.36 (KHTML, like Gecko)'
const PHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)'
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)'
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)'
const DROID = 'Mozilla/5.0 (Linux; Android 14; Pixel 8)'

describe('the family of a user agent', () => {
  it.each([
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0', 'Firefox, Windows'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0', 'Firefox, Linux'],
    ['Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0', 'Firefox, Android'],
    [`${PHONE} ${APPLE} FxiOS/127.0 Mobile/15E148 Safari/605.1.15`, 'Firefox, iOS'],
    [`${DROID} ${BLINK} Chrome/126.0.0.0 Mobile Safari/537.36`, 'Chrome, Android'],
    [`${WINDOWS} ${BLINK} Chrome/126.0.0.0 Safari/537.36`, 'Chrome, Windows'],
    [`${MAC} ${BLINK} Chrome/126.0.0.0 Safari/537.36`, 'Chrome, macOS'],
    [`Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${BLINK} Chrome/126.0.0.0 Safari/537.36`, 'Chrome, ChromeOS'],
    [`${PHONE} ${APPLE} CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1`, 'Chrome, iOS'],
    [`${PHONE} ${APPLE} Version/17.5 Mobile/15E148 Safari/604.1`, 'Safari, iOS'],
    [`Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) ${APPLE} Version/17.5 Mobile/15E148 Safari/604.1`, 'Safari, iOS'],
    [`${MAC} ${APPLE} Version/17.5 Safari/605.1.15`, 'Safari, macOS'],
    [`${MAC} ${BLINK} Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0`, 'Edge, macOS'],
    [`${DROID} ${BLINK} Chrome/126.0.0.0 Mobile Safari/537.36 EdgA/126.0.0.0`, 'Edge, Android'],
    [`${PHONE} ${APPLE} Version/17.0 EdgiOS/126.0 Mobile/15E148 Safari/604.1`, 'Edge, iOS'],
    [`${WINDOWS} ${BLINK} Chrome/52.0 Safari/537.36 Edge/15.14986`, 'Edge, Windows'],
    [`${WINDOWS} ${BLINK} Chrome/126.0.0.0 Safari/537.36 OPR/112.0.0.0`, 'Opera, Windows'],
    [`${DROID} ${BLINK} SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36`, 'Samsung Internet, Android'],
    ['Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko', 'Internet Explorer, Windows'],
    ['curl/8.5.0', 'curl'],
    ['Wget/1.21.4', 'Wget'],
    ['PostmanRuntime/7.39.0', 'Postman'],
    ['python-requests/2.32.3', 'Python'],
    ['Go-http-client/2.0', 'Go'],
    ['node', 'Node.js'],
    ['undici', 'Node.js'],
    ['okhttp/4.12.0', 'OkHttp'],
    ['Dart/3.4 (dart:io)', 'Dart'],
    ['  curl/8.5.0  ', 'curl'],
  ])('%s is %s', (header, family) => {
    expect(agentFamily(header)).toBe(family)
  })

  it.each([
    'Mozilla/5.0',
    'ana@example.com',
    'my curl/8',
    'nodeworthy',
    `${WINDOWS} Something/1.0`,
    '<script>alert(1)</script>',
    `${'x'.repeat(600)} Firefox/127.0`,
    '\u202e',
  ])('%s is Other', (header) => {
    expect(agentFamily(header)).toBe('Other')
  })

  it.each([null, '', '   '])('%j tells nothing', (header) => {
    expect(agentFamily(header)).toBeNull()
  })

  it('is made of known words only, whatever else is in the header', () => {
    const words = fc.constantFrom('Firefox/', 'Chrome/', 'Safari/', 'Mac OS X', 'Windows', 'Android', 'curl/', 'OPR/')
    const header = fc.array(fc.oneof(words, fc.string()), { maxLength: 8 }).map((parts) => parts.join(' '))
    const known =
      /^(?:Other|(?:Edge|Opera|Samsung Internet|Firefox|Chrome|Internet Explorer|Safari|curl|Wget|Postman|Python|Go|Node\.js|OkHttp|Dart)(?:, (?:Windows|Android|iOS|ChromeOS|macOS|Linux))?)$/
    fc.assert(
      fc.property(header, (text) => {
        const family = agentFamily(text)
        if (text.trim() === '') expect(family).toBeNull()
        else expect(family).toMatch(known)
      }),
    )
  })

  it('takes no time over a header that was made to take it', () => {
    const startedAt = performance.now()
    for (const part of ['Mac OS X', 'Safari', 'Edg', ' ']) agentFamily(part.repeat(100_000))
    expect(performance.now() - startedAt).toBeLessThan(200)
  })
})

// IPs: the prefix that limits count by.
import { expect, it } from 'vitest'
import { ipPrefix } from '../../../lib/net/ip.ts'

it.each([
  ['203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:DB8::1', '2001:db8:0:0'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::1', '0:0:0:0'],
  ['203.0.113.256', null],
  ['203.0.113', null],
  ['2001:db8::1::2', null],
  ['localhost', null],
  ['', null],
])('the limits know the IP %j as %j', (text, prefix) => expect(ipPrefix(text)).toBe(prefix))

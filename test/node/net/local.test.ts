// Which hosts strangers can reach.
import { describe, expect, it } from 'vitest'
import { isLocalHost, isLoopback } from '../../../lib/net/local.ts'

const host = (text: string) => new URL(`http://${text}`).hostname

describe('a host', () => {
  it.each(['localhost', 'posta.localhost', '127.0.0.1', '127.8.0.1', '[::1]', '2130706433', '0x7f.1'])(
    '%s is this machine',
    (text) => {
      expect([isLoopback(host(text)), isLocalHost(host(text))]).toEqual([true, true])
    },
  )

  it.each([
    '10.0.0.7',
    '172.16.0.1',
    '172.31.255.1',
    '192.168.1.20:8787',
    '169.254.1.1',
    '0.0.0.0',
    '[::]',
    '[fd12:3456::1]',
    '[fe80::1]',
    'posta',
    'posta_1',
    'laptop.local',
    'host.docker.internal',
    'posta.test',
    'posta.example.test',
    'posta.example',
    'nas.home.arpa',
    'laptop.local.',
  ])('%s is of a network of one’s own', (text) => {
    expect([isLoopback(host(text)), isLocalHost(host(text))]).toEqual([false, true])
  })

  it.each([
    'posta.example.com',
    'posta.workers.dev',
    'localhost.example.com',
    '127.0.0.1.nip.io',
    '10.example.com',
    '172.32.0.1',
    '192.169.0.1',
    '11.0.0.1',
    '203.0.113.7',
    '[2001:db8::1]',
    '[fec0::1]',
    'fd00.example.com',
    'test.dev',
  ])('%s is public', (text) => {
    expect([isLoopback(host(text)), isLocalHost(host(text))]).toEqual([false, false])
  })
})

// The QR of a ticket, read back by a program that is not ours.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { qrPng } from '../../../lib/renderer/qr.ts'

const hasZbar = spawnSync('zbarimg', ['--version']).error === undefined
const folder = mkdtempSync(join(tmpdir(), 'posta-qr-'))

/** What a reader sees in the file. */
function scanned(png: Uint8Array): string {
  const path = join(folder, 'qr.png')
  writeFileSync(path, png)
  // It ends what it read with a line end of its own.
  return execFileSync('zbarimg', ['--quiet', '--raw', path], { stdio: 'pipe' }).toString('utf8').slice(0, -1)
}

/** Rows of pixels: true = black. */
function pixelsOf(png: Uint8Array): boolean[][] {
  const view = new DataView(png.buffer, png.byteOffset)
  const side = view.getUint32(16)
  const start = 33 + 8
  const raw = inflateSync(png.subarray(start, start + view.getUint32(33)))
  const rowBytes = 1 + Math.ceil(side / 8)
  return Array.from({ length: side }, (_, y) =>
    Array.from({ length: side }, (_, x) => {
      const byte = raw[y * rowBytes + 1 + (x >> 3)] ?? 0
      return ((byte >> (7 - (x & 7))) & 1) === 0
    }),
  )
}

describe.skipIf(!hasZbar)('a reader (zbarimg)', () => {
  it.each([
    'TRANS123',
    '0123456789'.repeat(10),
    'https://cine.example/t/8f1c?asientos=A1,A2&sala=3',
    'CIN-20241201120000-ABC12345|A1,A2|45000',
    'Función: «Ñandú» 🎟',
    'x'.repeat(512),
    'ñ'.repeat(256),
    'Sección Ñandú, asiento número '.repeat(14),
  ])('reads %j', async (text) => expect(scanned(await qrPng(text))).toBe(text))
})

it('is small, and has four white modules around it', async () => {
  const png = await qrPng('TRANS123')
  expect(png.length).toBeLessThan(400)
  const pixels = pixelsOf(png)
  expect(pixels).toHaveLength(29 * 8)
  const quiet = 4 * 8
  const inner = pixels.slice(quiet, -quiet).map((row) => row.slice(quiet, -quiet))
  const black = (rows: boolean[][]) => rows.flat().filter(Boolean).length
  expect(black(inner)).toBe(black(pixels))
  // The corner of the first finder pattern.
  expect(inner[0]?.slice(0, 8 * 8)).toEqual([...Array(7 * 8).fill(true), ...Array(8).fill(false)])
})

it('gives the same bytes for the same text', async () => {
  expect(await qrPng('TRANS123')).toEqual(await qrPng('TRANS123'))
})

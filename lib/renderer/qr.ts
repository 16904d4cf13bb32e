// A QR code as PNG: one bit a pixel, its quiet zone within, so that it can be read on any background.
import { correction, generate } from 'lean-qr'
import { joined, utf8 } from '../bytes.ts'

/** Modules of white around it: ISO/IEC 18004 asks for four. */
const QUIET = 4
/** Pixels a module: sharp also where a phone shows it at three times its size, and one byte a module and row. */
const SCALE = 8

/**
 * At most 512 bytes of text. Where that is not ASCII the code says its encoding, which readers guess wrong without. They
 * get 15 % of it back where it is dirty or cut.
 *
 *     await qrPng('TRANS123') // 233 bytes, 232 × 232 pixels
 */
export async function qrPng(text: string): Promise<Uint8Array> {
  const code = generate(text, { minCorrectionLevel: correction.M })
  const size = code.size + 2 * QUIET
  const side = size * SCALE
  // Each row begins with its filter, 0 = none; a bit that is set is white.
  const rowBytes = 1 + size
  const pixels = new Uint8Array(side * rowBytes).fill(0xff)
  for (let y = 0; y < side; y++) {
    const start = y * rowBytes
    const row = Math.floor(y / SCALE) - QUIET
    pixels[start] = 0
    for (let x = 0; x < size; x++) if (code.get(x - QUIET, row)) pixels[start + 1 + x] = 0
  }
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, side)
  view.setUint32(4, side)
  // One bit of grey.
  header.set([1, 0, 0, 0, 0], 8)
  const parts = [
    new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', await deflated(pixels)),
    chunk('IEND', new Uint8Array(0)),
  ]
  return joined(parts)
}

async function deflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

/** https://www.w3.org/TR/png-3/#5Chunk-layout */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const typed = joined([utf8(type), data])
  const whole = new Uint8Array(typed.length + 8)
  const view = new DataView(whole.buffer)
  view.setUint32(0, data.length)
  whole.set(typed, 4)
  view.setUint32(typed.length + 4, crc32(typed))
  return whole
}

/** https://www.w3.org/TR/png-3/#D-CRCAppendix */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}

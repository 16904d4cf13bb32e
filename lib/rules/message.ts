// What one message of a caller may be.
import { DAY, SECOND } from './units.ts'

/** What one message of a caller may be. */
export const MESSAGE = {
  bodyBytesMax: 2 * 1024 * 1024,
  batchMax: 100,
  attachmentsMax: 10,
  /** Decoded, of one call in all. */
  attachmentBytesMax: 1024 * 1024,
  filenameMax: 128,
  subjectMax: 256,
  nameMax: 128,
  metadataMax: 10,
  metadataValueMax: 200,
  referenceMax: 128,
  /** How far ahead it may be scheduled. */
  aheadMaxMs: 5 * 365 * DAY,
  /** How long an answer may wait for its first attempt. */
  waitMaxMs: 10 * SECOND,
}

/** What the data of a template may hold; texts in characters. */
export const DATA = {
  seatsMax: 50,
  seatMax: 16,
  amountMax: 1e12,
  /** Of an amount written as text. */
  decimalsMax: 4,
  qrBytesMax: 512,
  /** An invoice, a film, a room, a way to pay. */
  lineMax: 160,
  /** A reason, a title. */
  sentenceMax: 500,
  noteMax: 5_000,
  labelMax: 60,
  urlMax: 2_048,
  refundDaysMax: 365,
}

export const SMS = {
  /** Twilio takes no more. */
  charactersMax: 1_600,
  /** What fits into an SMS alone, and into each part of several, by alphabet (3GPP TS 23.038, 23.040). */
  gsm: { one: 160, many: 153 },
  unicode: { one: 70, many: 67 },
}

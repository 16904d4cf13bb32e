// What a template is, as data: who may send it, by which channels, what it is filled with. No markup and no words: those
// are in emails/, and are loaded when a message is rendered.
import type * as z from 'zod'
import type { Locale } from '../names/locale.ts'
import type { Site } from '../names/site.ts'
import type { Channel, MessageClass, Priority } from '../rules/status.ts'

/** Makes an object of a schema: `z.strictObject` refuses fields it does not know, `z.object` leaves them out. */
export type ObjectOf = typeof z.strictObject | typeof z.object

/** Data as it goes over the wire, in the names of the schema. */
export type Data = Record<string, unknown>

/**
 * One template, as its file of lib/templates has it. To add one: its file, a line in templates.ts, and its markup (see
 * emails/index.ts).
 *
 *     export const greeting = template({
 *       name: 'greeting',
 *       audience: 'callers',
 *       channels: ['email', 'sms'],
 *       priority: 'medium',
 *       class: 'transactional',
 *       schema: (object) => object({ name: line() }),
 *       samples: { es: { name: 'Ana' }, en: { name: 'Ann' } },
 *       fill: ({ name }) => ({ name }),
 *     })
 */
export interface Template<Wire = Data> {
  name: string
  /** Names the older systems have for it. */
  aliases?: readonly string[]
  /**
   * Who has it sent: callers of POST /v1/messages; people, by POST /v1/emails; or posta itself, to people about accounts or
   * codes, or to operators.
   */
  audience: 'callers' | 'people' | 'accounts' | 'codes' | 'operators'
  /** In the order they are tried; all but e-mail take the short form. */
  channels: readonly Channel[]
  priority: Priority
  class: MessageClass
  /** Built when it is asked for: a fresh isolate builds what it is asked about, not all. */
  schema(object: ObjectOf): z.ZodType<Wire>
  /** Names the older systems have for its fields → its own; `refund.monto` is a field within a field. */
  older?: Readonly<Record<string, string>>
  /** Data that shows it well, and passes the schema. */
  samples: Record<Locale, Data>
  /** What the mail is filled with: it keeps to what emails/ asks for, and needs no setting any more. */
  fill(data: Wire, site: Site): Data
  /** Epoch ms after which nobody needs it; without this it lives as long as its priority is tried. */
  endsAt?(data: Wire, site: Site): number
}

/** Checks a template against its own schema; the table holds them with the types erased. */
export const template = <Wire>(spec: Template<Wire>): Template => spec as unknown as Template

/** True for those that POST /v1/messages takes. */
export const isSendable = ({ audience }: Template): boolean => audience === 'callers'

// Which file holds the words of which language.
import type { Locale } from '../mail.ts'
import type { Copy } from './copy.ts'
import { en } from './en.ts'
import { es } from './es.ts'

export const copies: Record<Locale, Copy> = { es, en }

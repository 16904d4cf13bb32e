// Spanish.
import type { Words } from './parts.ts'

const why = (code: string): string => (code ? ` (${code})` : '')

export const es: Words = {
  accepted: (at) => `Se aceptó a las ${at}.`,
  scheduled: (at) => `Debía salir a las ${at}.`,
  attempt: {
    accepted: ({ provider, at, seconds }) => `${provider} lo tomó a las ${at}, en ${seconds} s.`,
    rejected: ({ provider, at, code }) =>
      `${provider} rechazó este destinatario o contenido de forma definitiva a las ${at}${why(code)}.`,
    throttled: ({ provider, at, code }) => `${provider} pidió ir más despacio a las ${at}${why(code)}.`,
    misconfigured: ({ provider, at, code }) =>
      `${provider} rechazó nuestra clave, remitente o cuota a las ${at}${why(code)}.`,
    unavailable: ({ provider, at, code, again }) =>
      `${provider} no pudo tomarlo a las ${at}${why(code)}${again ? ', otra vez' : ''}.`,
    no_answer: ({ provider, at, seconds }) =>
      `${provider} no respondió en ${seconds} s a las ${at}, así que puede haberlo tomado.`,
    lost: ({ provider, at, code }) =>
      `Se perdió la conexión con ${provider} a las ${at}${why(code)}, así que puede haberlo tomado.`,
    worker_died: ({ provider, at }) => `El proceso que preguntaba a ${provider} murió; a las ${at} otro siguió.`,
    ours: ({ at, code }) => `A las ${at} no se pudo preparar aquí${why(code)}; no se preguntó a ningún proveedor.`,
  },
  fellBack: (provider) => `Por eso se preguntó a ${provider}.`,
  reported: {
    delayed: (provider, at) => `${provider} avisó a las ${at} que el otro lado lo hace esperar.`,
    delivered: (provider, at) => `${provider} avisó a las ${at} que se entregó.`,
    bounced: (provider, at) => `${provider} avisó a las ${at} que rebotó.`,
    complained: (provider, at) => `${provider} avisó a las ${at} que la persona lo marcó como spam.`,
  },
  replayed: (at) => `Un operador lo envió de nuevo a las ${at}.`,
  ended: {
    failed: (at) => `Terminó a las ${at}: nadie lo tomó y ya no se intenta.`,
    cancelled: (at) => `Se canceló a las ${at}, antes de que alguien lo tomara.`,
    expired: (at) => `A las ${at} ya no servía, y nadie lo había tomado.`,
    suppressed: (at) => `Se detuvo a las ${at}: esta dirección no debe recibir ese correo.`,
    dropped: (at) => `Se descartó a las ${at}: SENDING=drop no envía nada.`,
    shadowed: (at) => `Se preparó y no se envió a las ${at}: SENDING=shadow no llama a nadie.`,
    unknown: (at) =>
      `Terminó a las ${at} en duda: puede haberse tomado una copia, y preguntar de nuevo podría crear otra.`,
  },
  next: {
    leaves: (at) => `Sale a las ${at}.`,
    tried_again: (at) => `Se intenta de nuevo a las ${at}.`,
    under_way: () => 'En este momento se pregunta a un proveedor.',
    waits_for_report: () => 'Un aviso de su proveedor aún diría la verdad.',
  },
}

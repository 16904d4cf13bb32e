// Spanish.
import { listed, secondsOf, type Words } from './parts.ts'

const KINDS: Record<string, string> = {
  text: 'un texto',
  number: 'un número',
  boolean: 'true o false',
  object: 'un objeto',
  list: 'una lista',
}
const UNSIGNED = ', salvo con la sesión iniciada'
const waitOf = (ms: number) => `Inténtalo de nuevo en ${secondsOf(ms)} s.`

export const es: Words = {
  refusals: {
    malformed_json: () => ({ title: 'JSON mal formado', detail: 'El cuerpo no es JSON válido en UTF-8.' }),
    malformed_form: () => ({
      title: 'Formulario mal formado',
      detail: 'El cuerpo no es un formulario que se pueda leer.',
    }),
    invalid_request: () => ({
      title: 'Solicitud no válida',
      detail: 'Faltan campos o no son válidos; consulta errors.',
    }),
    invalid_idempotency_key: () => ({
      title: 'Idempotency-Key no válida',
      detail: 'Idempotency-Key debe tener de 1 a 255 caracteres ASCII imprimibles.',
    }),
    unsupported_media_type: ({ accepts }) => ({
      title: 'Tipo de contenido no admitido',
      detail: `Envía el cuerpo como ${accepts.join(' o ')}.`,
    }),
    payload_too_large: ({ maxBytes }) => ({
      title: 'Cuerpo demasiado grande',
      detail: `El cuerpo puede tener como máximo ${maxBytes} bytes.`,
    }),
    not_found: ({ missing }) => ({
      title: 'No encontrado',
      detail:
        missing === undefined
          ? 'Aquí no hay nada, o nada que puedas ver.'
          : `Falta ${missing}: una parte de la ruta está vacía.`,
    }),
    method_not_allowed: ({ method, allow }) => ({
      title: 'Método no permitido',
      detail: `Enviaste ${method}; esta ruta admite ${allow.join(', ')}.`,
    }),
    unauthorized: () => ({
      title: 'No autorizado',
      detail: 'Envía un token de acceso o una clave de API válidos en Authorization: Bearer ….',
    }),
    invalid_credentials: () => ({
      title: 'Credenciales no válidas',
      detail: 'El usuario o la contraseña no son correctos.',
    }),
    invalid_refresh_token: () => ({
      title: 'Token de renovación no válido',
      detail: 'Esta sesión ha terminado o el token no es nuestro. Inicia sesión de nuevo.',
    }),
    username_taken: () => ({
      title: 'Nombre de usuario ocupado',
      detail: 'Alguien tiene ya este nombre de usuario. Elige otro.',
    }),
    email_taken: () => ({
      title: 'Correo ocupado',
      detail: 'Esta dirección de correo ya tiene una cuenta. Inicia sesión o recupérala.',
    }),
    template_not_sendable: ({ templates }) => ({
      title: 'Plantilla no enviable',
      detail: `Esta plantilla la envía el propio servicio. Quien llama puede enviar ${templates.join(', ')}.`,
    }),
    already_over: () => ({
      title: 'Ya pasó',
      detail: 'Lo que el mensaje anuncia ya pasó: nadie lo necesita, y no se aceptó.',
    }),
    already_sent: () => ({
      title: 'Ya enviado',
      detail: 'Un proveedor ya tomó este mensaje: no se puede retirar.',
    }),
    may_be_sent: () => ({
      title: 'Puede haberse enviado',
      detail: 'Este mensaje está en camino o en duda: puede haber salido una copia, así que no se puede retirar.',
    }),
    not_dead: ({ status }) => ({
      title: 'No es un mensaje fallido',
      detail: `Este mensaje está ${status}: solo se reenvía lo que falló o está en duda.`,
    }),
    needs_force: () => ({
      title: 'En duda',
      detail: 'Puede haber salido una copia de este mensaje. Envía `force: true` para arriesgar otra.',
    }),
    payload_gone: () => ({
      title: 'Contenido borrado',
      detail: 'Lo que decía este mensaje se guardó un tiempo y ya no está: no se puede reenviar.',
    }),
    already_ended: ({ status }) => ({
      title: 'Ya terminó',
      detail: `Este mensaje terminó como ${status}: no queda nada por cambiar.`,
    }),
    none_accepted: () => ({
      title: 'Ninguno aceptado',
      detail: 'No se aceptó ninguno de estos mensajes; mira el problema de cada uno.',
    }),
    already_verified: () => ({
      title: 'Ya verificado',
      detail: 'Esta dirección está verificada; no hay nada que enviar.',
    }),
    email_not_verified: () => ({
      title: 'Dirección sin verificar',
      detail: 'Verifica primero tu dirección de correo: solo así puedes escribir desde ella.',
    }),
    not_sent: ({ providers }) => ({
      title: 'No enviado',
      detail: `Ningún proveedor lo aceptó (${providers.map(({ provider, code }) => `${provider}: ${code}`).join(', ')}) y no se volverá a intentar.`,
    }),
    forbidden: () => ({
      title: 'Prohibido',
      detail: 'No puedes hacer esto: requiere otro permiso u otra cuenta.',
    }),
    idempotency_mismatch: () => ({
      title: 'Clave de idempotencia repetida',
      detail: 'Esta Idempotency-Key se usó con otro cuerpo en las últimas 24 horas.',
    }),
    code_invalid: () => ({ title: 'Código no válido', detail: 'El código no es el que enviamos.' }),
    challenge_over: () => ({
      title: 'Verificación terminada',
      detail: 'Esta verificación ya se usó, ha caducado o agotó sus intentos. Pide una nueva.',
    }),
    code_locked: ({ retryAfterMs }) => ({
      title: 'Códigos bloqueados',
      detail: `Demasiados códigos incorrectos. ${waitOf(retryAfterMs)}`,
    }),
    too_many_sends: ({ retryAfterMs }) => ({
      title: 'Demasiados envíos',
      detail: `Ya se envió bastante a esta dirección por ahora. ${waitOf(retryAfterMs)}`,
    }),
    too_many_requests: ({ retryAfterMs }) => ({
      title: 'Demasiadas solicitudes',
      detail: `Demasiadas solicitudes tuyas. ${waitOf(retryAfterMs)}`,
    }),
    signature_invalid: () => ({
      title: 'Firma no válida',
      detail: 'Solo se aceptan llamadas que QStash firmó para esta dirección.',
    }),
    malformed: () => ({ title: 'No entregable', detail: 'Esta llamada nunca tendrá éxito.' }),
    not_deliverable: () => ({ title: 'No entregable', detail: 'Esta llamada nunca tendrá éxito.' }),
    message_busy: () => es.failures.unavailable,
  },
  failures: {
    internal_error: {
      title: 'Error interno',
      detail: 'Algo salió mal de nuestro lado; indica el request_id.',
    },
    misconfigured: {
      title: 'Mal configurado',
      detail: 'Este servicio no está bien configurado; consulta su registro.',
    },
    unavailable: {
      title: 'No disponible por el momento',
      detail:
        'Una parte del servicio no responde. Inténtalo de nuevo; donde enviaste una Idempotency-Key nada ocurre dos veces.',
    },
  },
  fields: {
    required: (params) => {
      if (params.one_of) return `debe indicar uno de ${listed(params.one_of)}`
      if (params.or) return `es obligatorio, o ${listed(params.or)} en su lugar`
      if (params.with) return `es obligatorio con ${listed(params.with)}`
      return `es obligatorio${params.unless ? UNSIGNED : ''}`
    },
    wrong_type: ({ expected }) => `debe ser ${KINDS[listed(expected)] ?? 'de otro tipo'}`,
    not_listed: ({ values, unless }) =>
      `debe ser ${typeof values === 'object' && values.length === 1 ? '' : 'uno de '}${listed(values)}${unless ? UNSIGNED : ''}`,
    too_short: ({ min }) => `debe tener al menos ${min} caracteres`,
    too_long: ({ max }) => `debe tener como máximo ${max} caracteres`,
    too_few: ({ min }) => `debe tener al menos ${min} ${min === 1 ? 'elemento' : 'elementos'}`,
    too_many: ({ max }) => `debe tener como máximo ${max} elementos`,
    too_small: ({ min }) => `debe ser al menos ${min}`,
    too_big: ({ max }) => `debe ser como máximo ${max}`,
    not_whole: () => 'debe ser un número entero',
    not_email: () => 'debe ser una dirección de correo',
    not_phone: () => 'debe ser un teléfono en formato internacional, como +34600111222',
    not_code: ({ min, max }) => `debe tener de ${min} a ${max} dígitos`,
    not_slug: () => 'debe ser un identificador como login',
    not_ip: () => 'debe ser una dirección IP',
    too_deep: ({ max }) => `no debe anidarse más de ${max} niveles`,
    no_address: () => 'no tiene dirección para todos los canales pedidos',
    not_configured: ({ channels }) => `no configurado aquí: ${listed(channels)}`,
    not_in_challenge: () => 'no es un canal de esta verificación',
    looks_like_email: () => 'no debe ser una dirección de correo',
    not_username: () => 'debe tener letras y dígitos, con . _ - sueltos entre ellos',
    reserved: () => 'está reservado',
    too_common: () => 'es demasiado común',
    own_words: () => 'no debe ser tu propio nombre o dirección',
    control_characters: () => 'no debe contener caracteres de control',
    not_same: ({ as }) => `debe ser igual que ${listed(as)}`,
    not_plain: ({ max }) => `debe ser texto simple de como máximo ${max} caracteres`,
    not_alone: () => 'debe cambiarse en una solicitud propia',
    unknown: () => 'no es un campo que se conozca aquí',
    twice: ({ as }) => `es el mismo campo que ${listed(as)}: envía uno de los dos`,
    not_instant: () => 'debe ser una hora RFC 3339 con zona, como 2026-12-05T20:30:00Z',
    not_duration: () => 'debe ser una duración ISO 8601, como PT3H',
    too_far_ahead: ({ days }) => `puede estar a lo sumo ${days} días adelante`,
    not_before_end: ({ end }) => `debe ser antes de ${end}`,
    no_user: () => 'no es una cuenta de aquí',
    use_batch: () => 'un mensaje va a una persona: envía una lista con POST /v1/messages/batch',
    not_base64: () => 'debe ser base64',
    not_media_type: () => 'debe ser un tipo de medio, como application/pdf',
    not_time: () => 'debe ser una fecha y hora, como 2026-12-05T20:30:00 o 2026-12-05T20:30:00-05:00',
    not_amount: () => 'debe ser un importe de 0 a 1000000000000, como 45000 o "45000.50"',
    not_currency: () => 'debe ser un código ISO 4217, como USD',
    not_url: () => 'debe ser una dirección http o https completa',
    too_many_bytes: ({ max }) => `debe tener como máximo ${max} bytes`,
    nothing_left: () => 'no contiene nada que se pueda enviar',
    invalid: () => 'no es válido',
  },
  mail: {
    timeout: 'El servicio de correo no respondió a tiempo. Inténtalo de nuevo más tarde.',
    unavailable: 'El servicio de correo no está disponible en este momento. Inténtalo de nuevo más tarde.',
    rejected: 'No se pudo enviar el correo a esta dirección. Compruébala o inténtalo de nuevo más tarde.',
    suppressed: 'Esta dirección no acepta correos nuestros. Usa otra.',
    held: 'El envío está desactivado en este momento. El correo saldrá más tarde.',
    limited: 'Ya se enviaron bastantes correos a esta dirección por ahora. Pide el código más tarde.',
  },
}

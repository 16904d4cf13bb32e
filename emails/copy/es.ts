// Every word of the mails in Spanish.
import type { Copy } from './copy.ts'

export const es: Copy = {
  sentBy: (appName) => `Mensaje automático de ${appName}.`,
  verificationCode: {
    subject: (appName) => `Tu código de verificación de ${appName}`,
    title: 'Tu código de verificación',
    purposes: {
      register: { heading: 'Confirma tu correo', lead: 'Escribe este código para terminar tu registro.' },
      login: { heading: 'Inicia sesión', lead: 'Escribe este código para entrar en tu cuenta.' },
      recovery: { heading: 'Recupera tu acceso', lead: 'Escribe este código para elegir una contraseña nueva.' },
      'email-change': { heading: 'Confirma tu correo nuevo', lead: 'Escribe este código para usar esta dirección.' },
    },
    lead: 'Escríbelo en la página donde lo pediste.',
    isYourCode: (code) => `${code} es tu código de verificación.`,
    lasts: (minutes) => `Vence en ${minutes} ${minutes === 1 ? 'minuto' : 'minutos'} y sirve una sola vez.`,
    requestedFor: (purpose) => `Motivo: ${purpose}`,
    open: 'Continuar sin escribirlo',
    orOpen: 'O continúa sin escribirlo desde este enlace:',
    buttonFails: '¿El botón no funciona? Copia esta dirección en tu navegador:',
    notYou: '¿No lo pediste? Ignora este mensaje: sin el código no pasa nada. No lo compartas con nadie.',
  },
}

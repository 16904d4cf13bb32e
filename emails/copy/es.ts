// Every word of the mails in Spanish.
import type { Copy } from './copy.ts'

export const es: Copy = {
  sentBy: (appName) => `Mensaje automático de ${appName}.`,
  buttonFails: '¿El botón no funciona? Copia esta dirección en tu navegador:',
  codeLasts: (minutes) => `Vence en ${minutes} ${minutes === 1 ? 'minuto' : 'minutos'} y sirve una sola vez.`,
  choosePassword: 'Elegir una contraseña nueva',
  ifYou: 'Si fuiste tú, no tienes que hacer nada más.',
  wasNotYou: '¿No fuiste tú?',
  facts: {
    when: 'Cuándo',
    since: 'Desde',
    device: 'Dispositivo',
    username: 'Usuario',
    email: 'Correo',
    total: 'Cuentas hasta ahora',
    reason: 'Motivo',
    failedBy: 'Motivo de la falla',
  },
  bought: {
    film: 'Película',
    show: 'Función',
    room: 'Sala',
    seats: 'Asientos',
    invoice: 'Factura',
    total: 'Total',
    method: 'Método de pago',
    status: 'Estado',
    purchased: 'Fecha de compra',
    due: 'Vence',
    cancelled: 'Fecha de cancelación',
    refund: 'Reembolso',
  },
  ticket: {
    image: 'Código QR de tu entrada',
    code: 'Código de tu entrada',
    seats: (list) => `Asientos: ${list}.`,
    room: (room) => `Sala ${room}.`,
    invoice: (number) => `Factura ${number}.`,
    total: (amount) => `Total: ${amount}.`,
  },
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
    requestedFor: (purpose) => `Motivo: ${purpose}`,
    open: 'Continuar sin escribirlo',
    orOpen: 'O continúa sin escribirlo desde este enlace:',
    notYou: '¿No lo pediste? Ignora este mensaje: sin el código no pasa nada. No lo compartas con nadie.',
  },
  recoveryCode: {
    subject: (appName) => `Tu código de recuperación de ${appName}`,
    title: 'Tu código de recuperación',
    heading: 'Recupera tu acceso',
    lead: 'Escribe este código para elegir una contraseña nueva.',
    isYourCode: (code) => `${code} es tu código de recuperación.`,
    signsOut: 'Con la contraseña nueva se cerrarán todas tus sesiones.',
    orOpen: 'O elígela sin escribir el código desde este enlace:',
    notYou: '¿No fuiste tú? Ignora este mensaje: sin él nadie puede cambiar tu contraseña. No lo compartas con nadie.',
  },
  passwordChanged: {
    subject: (appName) => `Tu contraseña de ${appName} cambió`,
    heading: 'Tu contraseña cambió',
    lead: 'Ahora solo sirve la nueva y cerramos todas las demás sesiones.',
    advice:
      'Elige una contraseña nueva ahora mismo: dejará fuera a quien la cambió. Después revisa quién más puede leer tu correo.',
    adviceWithoutLink:
      'Pide ahora mismo un código de recuperación en la página de inicio de sesión y elige una contraseña nueva. Después revisa quién más puede leer tu correo.',
  },
  addressChanged: {
    email: {
      subject: (appName) => `El correo de tu cuenta de ${appName} cambió`,
      heading: 'Tu correo cambió',
      lead: (appName) => `Tu cuenta de ${appName} ahora tiene otro correo en lugar de este.`,
      new: 'Correo nuevo',
    },
    phone: {
      subject: (appName) => `El teléfono de tu cuenta de ${appName} cambió`,
      heading: 'Tu teléfono cambió',
      lead: (appName) => `Tu cuenta de ${appName} ahora tiene otro teléfono en lugar del que tenías.`,
      new: 'Teléfono nuevo',
    },
    advice:
      'Elige una contraseña nueva ahora mismo: dejará fuera a quien hizo el cambio. Después deshazlo en tu cuenta.',
    adviceWithoutLink: (appName) =>
      `Inicia sesión ahora mismo, elige una contraseña nueva y deshaz el cambio. Si no puedes entrar, avisa a ${appName}.`,
  },
  alreadyRegistered: {
    subject: (appName) => `Ya tienes una cuenta en ${appName}`,
    heading: 'Ya tienes una cuenta',
    lead: (appName) =>
      `Alguien intentó registrarse en ${appName} con tu correo. Si fuiste tú, solo inicia sesión: tu cuenta sigue aquí.`,
    signIn: 'Iniciar sesión',
    forgot: '¿Olvidaste tu contraseña?',
    notYou: '¿No fuiste tú? Ignora este mensaje: nada cambió en tu cuenta.',
  },
  welcome: {
    subject: (appName) => `Te damos la bienvenida a ${appName}`,
    heading: (name) => (name ? `Hola, ${name}` : 'Hola'),
    lead: (appName) => `Te damos la bienvenida a ${appName}. Tu cuenta está lista y nos alegra tenerte aquí.`,
  },
  purchaseConfirmed: {
    subject: (appName, invoice) => `Tu compra en ${appName} está confirmada: ${invoice}`,
    heading: 'Tu compra está confirmada',
    lead: 'Gracias por tu compra. Guarda este correo como comprobante.',
    leadWithTicket: 'Gracias por tu compra. Muestra este código al entrar.',
    short: (appName) => `${appName}: tu compra está confirmada.`,
  },
  purchaseCancelled: {
    subject: (appName, invoice) => `Tu compra en ${appName} fue cancelada: ${invoice}`,
    heading: 'Tu compra fue cancelada',
    lead: 'Esta compra ya no es válida, y sus entradas tampoco.',
    refund: (amount, method, days) =>
      `${amount}${method ? ` (${method})` : ''}${days === null ? '' : days === 0 ? ', de inmediato' : `, en un plazo de ${days} ${days === 1 ? 'día' : 'días'}`}`,
    short: (appName) => `${appName}: tu compra fue cancelada.`,
  },
  showReminder: {
    subject: (appName, film) => `Tu función en ${appName}: ${film}`,
    heading: 'Te recordamos tu función',
    lead: (appName) => `Te esperamos en ${appName}.`,
    showTicket: 'Muestra este código al entrar.',
  },
  note: { subject: (appName) => `Un mensaje de ${appName}` },
  newSignUp: {
    subject: (appName, username) => `Nuevo registro en ${appName}: ${username}`,
    heading: 'Nuevo registro',
    lead: (appName) => `Alguien acaba de abrir una cuenta en ${appName}.`,
  },
  providerDown: {
    subject: (appName, provider) => `${appName}: ${provider} no funciona`,
    heading: (provider) => `${provider} no funciona`,
    lead: 'Los mensajes salen por los demás proveedores o esperan a que vuelva. Te avisaremos cuando funcione.',
  },
  providerRecovered: {
    subject: (appName, provider) => `${appName}: ${provider} vuelve a funcionar`,
    heading: (provider) => `${provider} vuelve a funcionar`,
    lead: 'Los mensajes vuelven a salir por él. No tienes que hacer nada.',
  },
}

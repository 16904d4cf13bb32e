// What the cinema system calls the fields of its three mails.
export const OLDER_FIELDS = {
  transaccion_id: 'transaction_id',
  numero_factura: 'invoice_number',
  fecha_compra: 'purchased_at',
  asientos: 'seats',
  moneda: 'currency',
  metodo_pago: 'payment_method',
  estado: 'status',
  fecha_vencimiento: 'due_at',
  codigo_qr: 'qr_code',
  pelicula: 'film',
  sala: 'room',
  fecha_funcion: 'show_at',
} as const

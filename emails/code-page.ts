// Compiled from code-mail.tsx by `npm run mails`: what React makes of it, word for word. Not to be edited.

/** Follows the preview line once for every character it has less than this many. */
export const BLANKS = '\u00a0\u200c\u200b\u200d\ufeff'
export const PREVIEW_LENGTH = 200

/** Each is escaped for HTML; null leaves its part of the page out. */
export interface PageWords {
  locale: string
  title: string
  preview: string
  leadName: string | null
  heading: string
  lead: string
  code: string
  lasts: string
  other: string | null
  link: string | null
  open: string
  buttonFails: string
  notYou: string
  sentBy: string
}

export function codePage(words: PageWords): string {
  return `<html dir="ltr" lang="${words.locale}"><head><meta name="viewport" content="width=device-width, initial-scale=1"/><meta content="text/html; charset=UTF-8" http-equiv="Content-Type"/><meta name="x-apple-disable-message-reformatting"/><title>${words.title}</title><meta name="color-scheme" content="light dark"/><meta name="supported-color-schemes" content="light dark"/><meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no"/><style>
:root{color-scheme:light dark;supported-color-schemes:light dark}
.frame{width:480px}
@media all{.frame{width:100%}}
@media (max-width:480px){.page>table>tbody>tr>td{padding:24px 14px!important}.card-cell{padding:28px 22px 24px!important}.button{display:block!important}}
@media (prefers-color-scheme:dark){
.page,.page>table>tbody>tr>td{background-color:#101312!important}
.card{background-color:#191d1b!important;border-color:#2b312e!important}
.panel{background-color:#1d2a24!important}
.rule{border-color:#2b312e!important}
.ink{color:#f0f3f1!important}
.muted{color:#a4aea9!important}
.accent{color:#6bd6a8!important}
.button{background-color:#6bd6a8!important;color:#0b1a13!important}
}</style></head><body lang="${words.locale}" class="page" dir="ltr" style="background-color:#f5f5f2;margin:0;padding:0"><table border="0" width="100%" cellPadding="0" cellSpacing="0" role="presentation" align="center"><tbody><tr><td dir="ltr" lang="${words.locale}" style="background-color:#f5f5f2;margin:0;padding:40px 16px"><div style="display:none;overflow:hidden;line-height:1px;opacity:0;max-height:0;max-width:0" data-skip-in-text="true">${words.preview}</div><table align="center" width="100%" class="frame" border="0" cellPadding="0" cellSpacing="0" role="presentation" style="max-width:480px"><tbody><tr style="width:100%"><td><${words.leadName === null ? '' : `p class="ink" style="font-size:16px;line-height:24px;margin-top:0;margin-bottom:0;font-family:-apple-system, BlinkMacSystemFont, Segoe UI, Roboto, Helvetica, Arial, sans-serif;color:#17201c;font-weight:600;padding:0 0 20px 4px">${words.leadName}</p><`}table align="center" width="100%" border="0" cellPadding="0" cellSpacing="0" role="presentation" class="card" style="background-color:#ffffff;border:1px solid #e4e4de;border-radius:14px;border-collapse:separate"><tbody><tr><td class="card-cell" style="padding:36px 32px 32px"><h1 class="ink" style="margin-top:0;margin-bottom:0;font-family:-apple-system, BlinkMacSystemFont, Segoe UI, Roboto, Helvetica, Arial, sans-serif;color:#17201c;font-size:22px;line-height:30px;font-weight:600;letter-spacing:-0.01em">${words.heading}</h1><p class="ink" style="font-size:16px;line-height:25px;margin-top:8px;margin-bottom:24px;font-family:-apple-system, BlinkMacSystemFont, Segoe UI, Roboto, Helvetica, Arial, sans-serif;color:#17201c">${words.lead}</p><table align="center" width="100%" border="0" cellPadding="0" cellSpacing="0" role="presentation" class="panel" style="background-color:#eff5f1;border-radius:10px;border-collapse:separate;text-align:center"><tbody><tr><td style="padding:28px 8px 24px"><p class="accent" style="font-size:38px;line-height:44px;margin-top:0;margin-bottom:0;font-family:ui-monospace, SFMono-Regular, Menlo, Consolas, Liberation Mono, monospace;color:#0d6849;font-weight:600;letter-spacing:0.16em;text-indent:0.16em;white-space:nowrap;-webkit-user-select:all;user-select:all">${words.code}</p></td></tr></tbody></table><p class="muted" style="font-size:14px;line-height:21px;margin-top:16px;margin-bottom:0;font-family:-apple-system, BlinkMacSystemFont, Segoe UI, Roboto, Helvetica, Arial, sans-serif;color:#5c6661">${words.lasts}<${words.other === null ? '' : `br/>${words.other}<`}/p><${words.link === null ? '' : `table align="center" width="100%" border="0" cellPadding="0" cellSpacing="0" role="presentation"><tbody><tr><td style="padding-top:24px"><a class="button" href="${words.link}" style="line-height:100%;text-decoration:none;display:inline-block;max-width:100%;mso-padding-alt:0px;background-color:#0d6849;color:#ffffff;border-radius:9px;font-family:-apple-system, BlinkMacSystemFont, Segoe UI, Roboto, Helvetica, Arial, sans-serif;font-size:16px;font-weight:600;padding:14px 24px;text-align:center;padding-top:14px;padding-right:24px;padding-bottom:14px;padding-left:24px" target="_blank"><span><!--[if mso]><i style="mso-font-width:400%;mso-text-raise:21px" hidden>&#8202;&#8202;&#8202;</i><![endif]--></span><span style="max-width:100%;display:inline-block;line-height:120%;mso-padding-alt:0px;mso-text-raise:10.5px">${words.open}</span><span><!--[if mso]><i style="mso-font-width:400%" hidden>&#8202;&#8202;&#8202;&#8203;</i><![endif]--></span></a></td></tr></tbody></table><p class="muted" style="font-size:14px;line-height:21px;margin-top:16px;margin-bottom:0;font-family:-apple-system, BlinkMacSystemFont, Segoe UI, Roboto, Helvetica, Arial, sans-serif;color:#5c6661">${words.buttonFails}<br/><a class="accent" href="${words.link}" style="color:#0d6849;text-decoration-line:none;text-decoration:underline;word-break:break-all" target="_blank">${words.link}</a></p><`}hr class="rule" style="width:100%;border:none;border-color:transparent;border-top:1px solid #e4e4de;margin:28px 0 0"/><p class="muted" style="font-size:14px;line-height:21px;margin-top:16px;margin-bottom:0;font-family:-apple-system, BlinkMacSystemFont, Segoe UI, Roboto, Helvetica, Arial, sans-serif;color:#5c6661">${words.notYou}</p></td></tr></tbody></table><p class="muted" style="font-size:13px;line-height:20px;margin-top:0;margin-bottom:0;font-family:-apple-system, BlinkMacSystemFont, Segoe UI, Roboto, Helvetica, Arial, sans-serif;color:#5c6661;padding:20px 4px 0">${words.sentBy}</p></td></tr></tbody></table></td></tr></tbody></table></body></html>`
}

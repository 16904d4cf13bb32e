// HTML that people wrote, made harmless: an allow-list of elements, attributes, styles and schemes. Its parser and the one
// for styles are large, so this file is loaded with the first mail of a person, never with an accept of anything else.
import sanitizeHtml from 'sanitize-html'
import { USER_MAIL } from '../rules/user-mail.ts'

const TAGS = [
  ...['a', 'abbr', 'address', 'article', 'aside', 'b', 'bdi', 'bdo', 'big', 'blockquote', 'br', 'caption', 'center'],
  ...['cite', 'code', 'col', 'colgroup', 'dd', 'del', 'dfn', 'div', 'dl', 'dt', 'em', 'figcaption', 'figure', 'font'],
  ...[
    'footer',
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
    'header',
    'hr',
    'i',
    'img',
    'ins',
    'kbd',
    'li',
    'main',
    'mark',
    'nav',
  ],
  ...[
    'ol',
    'p',
    'pre',
    'q',
    's',
    'samp',
    'section',
    'small',
    'span',
    'strike',
    'strong',
    'sub',
    'sup',
    'table',
    'tbody',
  ],
  ...['td', 'tfoot', 'th', 'thead', 'time', 'tr', 'tt', 'u', 'ul', 'var', 'wbr'],
]

/** What lies in them is no text for a reader. */
const UNREAD = [
  'script',
  'style',
  'textarea',
  'option',
  'xmp',
  'noscript',
  'title',
  'template',
  'iframe',
  'noembed',
  'noframes',
]

const CELL = ['colspan', 'rowspan', 'width', 'height', 'valign', 'bgcolor', 'scope']
const ATTRIBUTES = {
  '*': ['style', 'dir', 'lang', 'title', 'align', 'role', 'aria-label', 'aria-hidden'],
  a: ['href'],
  img: ['src', 'alt', 'width', 'height', 'border'],
  table: ['width', 'border', 'cellpadding', 'cellspacing', 'bgcolor'],
  tr: ['valign', 'bgcolor'],
  td: CELL,
  th: CELL,
  col: ['span', 'width'],
  colgroup: ['span', 'width'],
  font: ['color', 'face', 'size'],
  ol: ['start', 'type', 'reversed'],
  ul: ['type'],
  hr: ['width', 'size', 'color'],
}

/** Words, numbers, lists and quoted names, and the colours that are written as functions: no url(), no escape. */
const PLAIN_VALUE = /^(?:[\w\s#%.,'"+-]|\b(?:rgb|hsl)a?\([\d\s.,%/]*\))+$/i
/** Nothing that leaves its place, covers others or loads something. */
const STYLES = [
  ...['color', 'background-color', 'background', 'opacity'],
  ...['font', 'font-family', 'font-size', 'font-style', 'font-weight', 'line-height', 'letter-spacing'],
  ...['text-align', 'text-decoration', 'text-transform', 'text-indent', 'white-space', 'word-break', 'overflow-wrap'],
  ...['width', 'max-width', 'min-width', 'height', 'max-height', 'display', 'vertical-align', 'float', 'clear'],
  ...[
    'list-style',
    'list-style-type',
    'border-collapse',
    'border-spacing',
    'border-radius',
    'table-layout',
    'direction',
  ],
  ...['margin', 'padding', 'border'].flatMap((name) => [
    name,
    ...['top', 'right', 'bottom', 'left'].map((side) => `${name}-${side}`),
  ]),
  ...['border-color', 'border-style', 'border-width'],
]

/** A mail has no address of its own that a relative one could start from. */
const ABSOLUTE = /^\s*(?:https?:\/\/|mailto:|tel:|cid:)/i

const OPTIONS: sanitizeHtml.IOptions = {
  allowedTags: TAGS,
  nonTextTags: UNREAD,
  allowedAttributes: ATTRIBUTES,
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['http', 'https', 'cid'] },
  allowProtocolRelative: false,
  nestingLimit: USER_MAIL.nestingMax,
  // Without it styles pass as they are: the list below is then refused.
  parseStyleAttributes: true,
  allowedStyles: { '*': Object.fromEntries(STYLES.map((name) => [name, [PLAIN_VALUE]])) },
  transformTags: {
    '*': (tagName, attribs) => {
      for (const name of ['href', 'src']) if (!ABSOLUTE.test(attribs[name] ?? 'cid:')) delete attribs[name]
      return { tagName, attribs }
    },
  },
}

/**
 * The same HTML without what could run, load by itself, or lead elsewhere than it says; what is plain comes back as it was.
 *
 *     cleanHtml('<p onclick="x()">Hi</p>') === '<p>Hi</p>'
 */
export const cleanHtml = (html: string): string => sanitizeHtml(html, OPTIONS)

// A mail that is looked at and not sent has no parts beside its HTML: its images go into it.
import type { Rendered } from '../../lib/ports/renderer.ts'

/** The HTML of a mail with the images it brings along. */
export const withImages = ({ html, attachments }: Pick<Rendered, 'html' | 'attachments'>): string =>
  attachments.reduce(
    (text, { contentId, contentType, content }) =>
      contentId === null ? text : text.replaceAll(`cid:${contentId}`, () => `data:${contentType};base64,${content}`),
    html,
  )

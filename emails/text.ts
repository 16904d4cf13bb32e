// What the text parts of all mails share.

/** Joins what the text part of a mail says; parts that are not there leave no gap. */
export const paragraphs = (parts: readonly (string | null | false | undefined)[]): string =>
  `${parts.filter(Boolean).join('\n\n')}\n`

/** A name like "Cine 21": told late where programs look for the first digits of a mail. */
export const holdsDigits = (name: string): boolean => /\p{N}/u.test(name)

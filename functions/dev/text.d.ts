// Scripts and styles of pages are imported as text: by wrangler's rules for them, and by a plugin in vitest.config.ts.
declare module '*.page.js' {
  const text: string
  export default text
}
declare module '*.css' {
  const text: string
  export default text
}

// Redis scripts are imported as text: by wrangler's rule for *.lua, and by a plugin in vitest.config.ts.
declare module '*.lua' {
  const text: string
  export default text
}

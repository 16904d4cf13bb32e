// Stands in for `react-dom/server.edge` in the Worker ([alias] of wrangler.toml): the half of it that writes mails. The
// other half streams pages, and a fresh isolate would read it all the same. By path: the package exports no halves.
module.exports =
  process.env.NODE_ENV === 'production'
    ? require('../../node_modules/react-dom/cjs/react-dom-server-legacy.browser.production.js')
    : require('../../node_modules/react-dom/cjs/react-dom-server-legacy.browser.development.js')

// Stands in for axios in the Worker ([alias] of wrangler.toml): the SendGrid SDK calls what `require` gives it, and
// sendgrid.ts always brings the transport, so all that axios would add is the body as JSON.
module.exports = async function transport(request) {
  const headers = { toJSON: () => request.headers }
  return request.adapter({ ...request, headers, data: JSON.stringify(request.data) })
}

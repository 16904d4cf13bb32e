// Stands in for what supabase-js brings beside `rpc`, and posta never calls: a fresh isolate would read 190 KiB of it for
// nothing. [alias] of wrangler.toml says where; test/node/users/supabase.test.ts runs the whole client.

/** `@supabase/auth-js`: never made, since the client is given its token. */
export class AuthClient {}

/** `@supabase/realtime-js`: made with the client, and told the token. */
export class RealtimeClient {
  setAuth(): void {}
}

/** `@supabase/storage-js`: made with the client. */
export class StorageClient {}
export class StorageApiError extends Error {}

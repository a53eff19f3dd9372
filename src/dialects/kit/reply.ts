/** Replies in JSON. */

/**
 * The media type carries no charset: a client of DigiCert (sapcc/go-certcentral) compares the header as a whole before it reads
 * an error.
 */
export function jsonReply(
  body: unknown,
  {
    status = 200,
    headers = {},
  }: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
}

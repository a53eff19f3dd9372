/** Where the command line reaches the server on its own machine. */

/** A listener without TLS, where there is one: the certificate of the other is for the names of clients, and of a CA that is trusted nowhere yet. */
export function commandUrlOf(urls: readonly string[]): string | undefined {
  return urls.find((url) => url.startsWith('http://')) ?? urls[0];
}

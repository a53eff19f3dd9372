/**
 * The path of a request as every part of the server reads it. Clients join a base URL that ends with a slash and a path that begins
 * with one, so a run of slashes counts as one. All who look at a path look at this one: no rule sees another path than the one that
 * is answered. Only `/pki/` is read as it stands.
 */

/**
 * Percent-encoding stays as it is: an encoded slash separates nothing.
 * @param url a whole one, as `Request.url` is
 */
export function requestPath(url: string): string {
  const pathStart = url.indexOf('/', url.indexOf('//') + 2);
  const rest = pathStart < 0 ? '/' : url.slice(pathStart);
  const queryStart = rest.search(/[?#]/);
  const path = queryStart < 0 ? rest : rest.slice(0, queryStart);
  return path.includes('//') ? path.replaceAll(/\/{2,}/g, '/') : path;
}

/** The same without a slash at its end, which some clients add. `/` stays. */
export function withoutLastSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

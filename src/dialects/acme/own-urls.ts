/**
 * URLs in requests, which say what a signature is for (RFC 8555 §6.4) and whose it is (§6.2). They are compared as they stand: two readers
 * of another text could take it for two URLs. Whom a request says it was sent to (`Host`) counts for nothing: a server in the middle, for
 * which a client had signed, could say so too.
 */

/** The path and query of a URL of this server, as the request line has them; undefined for a URL of another. */
export type OwnPathOf = (url: string) => string | undefined;

const httpUrl = /^https?:\/\/(?<host>[a-z0-9._~-]+|\[[0-9a-f:.]+\])(?<port>:[0-9]{1,5})?(?<path>\/.*)$/is;

/**
 * The scheme may be either: a server that got TLS is the same server.
 * @param options.hosts names that lead to this front door only, at any port
 */
export function createOwnPathOf({
  publicUrl,
  hosts,
}: {
  readonly publicUrl: string;
  readonly hosts: readonly string[];
}): OwnPathOf {
  const { host: publicHost, pathname } = new URL(publicUrl);
  // A proxy that serves it below a path takes that path off.
  const prefix = pathname.replace(/\/$/, '');
  const ownHosts = new Set(hosts.map((host) => host.toLowerCase()));
  return (url) => {
    const { host = '', port = '', path } = httpUrl.exec(url)?.groups ?? {};
    if (path === undefined) return undefined;
    const authority = URL.parse(`${url.slice(0, url.indexOf(':'))}://${host}${port}`);
    if (authority === null) return undefined;
    if (authority.host === publicHost && path.startsWith(`${prefix}/`)) return path.slice(prefix.length);
    return ownHosts.has(authority.hostname) ? path : undefined;
  };
}

/** The URLs of a directory's resources. They never change: clients store them, and accounts are named by theirs. */

export const basePath = '/acme/';

export interface Urls {
  readonly directory: string;
  /** The page of one without external account keys. */
  readonly about: string;
  readonly newNonce: string;
  readonly newAccount: string;
  readonly newAuthz: string;
  readonly newOrder: string;
  readonly revokeCert: string;
  readonly keyChange: string;
  /** Its clients put a slash and the name of a certificate behind it (RFC 9773 §4.1). */
  readonly renewalInfo: string;
  /** What hashed names of accounts begin with (draft-ietf-acme-dns-persist §4.1); nothing is there. */
  readonly accountHash: string;
  account(id: string): string;
  orders(accountId: string): string;
  order(id: string): string;
  finalize(id: string): string;
  authorization(id: string): string;
  challenge(authorizationId: string, type: string): string;
  certificate(id: string): string;
}

export function urlsOf(publicUrl: string, directory: string): Urls {
  const base = `${publicUrl}${basePath}${directory}`;
  return {
    directory: `${base}/directory`,
    about: `${base}/about`,
    newNonce: `${base}/new-nonce`,
    newAccount: `${base}/new-account`,
    newAuthz: `${base}/new-authz`,
    newOrder: `${base}/new-order`,
    revokeCert: `${base}/revoke-cert`,
    keyChange: `${base}/key-change`,
    renewalInfo: `${base}/renewal-info`,
    accountHash: `${base}/account-hash/`,
    account: (id) => `${base}/account/${id}`,
    orders: (accountId) => `${base}/account/${accountId}/orders`,
    order: (id) => `${base}/order/${id}`,
    finalize: (id) => `${base}/order/${id}/finalize`,
    authorization: (id) => `${base}/authz/${id}`,
    challenge: (authorizationId, type) => `${base}/challenge/${authorizationId}/${type}`,
    certificate: (id) => `${base}/cert/${id}`,
  };
}

/**
 * The id of an account by its URL; undefined where it is not a URL of an account of this directory. A server may have several names, and
 * stand behind a proxy that changes the scheme.
 */
export function accountIdIn(
  kid: string,
  { directory, hosts }: { readonly directory: string; readonly hosts: readonly string[] },
): string | undefined {
  const url = URL.canParse(kid) ? new URL(kid) : undefined;
  const prefix = `${basePath}${directory}/account/`;
  if (url === undefined || !hosts.includes(url.host) || !url.pathname.startsWith(prefix)) return undefined;
  const id = url.pathname.slice(prefix.length);
  return /^[0-9a-z]+$/.test(id) && url.search === '' && url.hash === '' ? id : undefined;
}

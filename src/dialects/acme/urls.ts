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

/** The id of an account by the path of its URL; undefined where that is none of an account of this directory. */
export function accountIdIn(path: string | undefined, directory: string): string | undefined {
  const prefix = `${basePath}${directory}/account/`;
  if (path === undefined || !path.startsWith(prefix)) return undefined;
  const id = path.slice(prefix.length);
  return /^[0-9a-z]+$/.test(id) ? id : undefined;
}

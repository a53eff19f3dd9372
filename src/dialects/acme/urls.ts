/** The URLs of a directory's resources. They never change: clients store them, and accounts are named by theirs. */

export const basePath = '/acme/';

export interface Urls {
  readonly directory: string;
  readonly newNonce: string;
  readonly newAccount: string;
  readonly newOrder: string;
  readonly revokeCert: string;
  readonly keyChange: string;
  /** Its clients put a slash and the name of a certificate behind it (RFC 9773 §4.1). */
  readonly renewalInfo: string;
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
    newNonce: `${base}/new-nonce`,
    newAccount: `${base}/new-account`,
    newOrder: `${base}/new-order`,
    revokeCert: `${base}/revoke-cert`,
    keyChange: `${base}/key-change`,
    renewalInfo: `${base}/renewal-info`,
    account: (id) => `${base}/account/${id}`,
    orders: (accountId) => `${base}/account/${accountId}/orders`,
    order: (id) => `${base}/order/${id}`,
    finalize: (id) => `${base}/order/${id}/finalize`,
    authorization: (id) => `${base}/authz/${id}`,
    challenge: (authorizationId, type) => `${base}/challenge/${authorizationId}/${type}`,
    certificate: (id) => `${base}/cert/${id}`,
  };
}

/** The id of an account by its URL: only the path counts, since a server may have several names. */
export function accountIdIn(kid: string, directory: string): string | undefined {
  const path = pathOf(kid);
  const prefix = `${basePath}${directory}/account/`;
  const id = path?.startsWith(prefix) === true ? path.slice(prefix.length) : '';
  return /^[0-9a-z]+$/.test(id) ? id : undefined;
}

function pathOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).pathname : undefined;
}

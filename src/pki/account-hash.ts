/**
 * The name of an ACME account in a public DNS record, from which nobody reads the account's URL, and which is another one at each domain
 * (draft-ietf-acme-dns-persist-02 §4.1).
 */
import { hash } from 'node:crypto';

/** The one algorithm that every client has. */
export const accountHashAlgorithm = 'sha-256';

/** In place of a domain: a name that is the same for all of them. */
export const anyDomain = '*';

/**
 * @param domain at which the record stands: canonical, of ASCII
 * @param thumbprint of the account's key (RFC 7638)
 * @returns base64url
 */
export function accountHash(domain: string, thumbprint: string, accountUrl: string): string {
  const hashed = Buffer.concat([Buffer.from([domain.length]), Buffer.from(domain + thumbprint + accountUrl)]);
  return hash('sha256', hashed, 'base64url');
}

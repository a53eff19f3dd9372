/** The address at which CA certificates say that revocation lists and issuers are found: it stands in them for ten years. */
import { isInRanges } from './address-range.ts';

const loopback = ['127.0.0.0/8', '::1/128', '::ffff:127.0.0.0/104'];
const unspecified = ['0.0.0.0/32', '::/128', '::ffff:0.0.0.0/128'];

/**
 * Returns the fault for the operator; undefined when others can use it. Private addresses and internal names are fine:
 * they serve private networks.
 */
export function objectionToPkiUrl(url: string): string | undefined {
  const { protocol, hostname } = new URL(url);
  // RFC 5280 §8: a client that fetches a list over https may need that very list to check the server's certificate.
  if (protocol === 'https:')
    return 'is an https address, over which many clients fetch no revocation lists (RFC 5280 §8)';
  const host = hostname.replace(/^\[|\]$|\.$/g, '');
  // RFC 6761 §6.3: localhost and everything below it is this machine.
  if (host === 'localhost' || host.endsWith('.localhost') || isInRanges(host, loopback)) {
    return 'is an address that only this machine reaches';
  }
  if (isInRanges(host, unspecified)) return 'is the address of no machine';
  return undefined;
}

/** Why no CA is made with it, and what to do. */
export function pkiUrlProblem(url: string): string | undefined {
  const objection = objectionToPkiUrl(url);
  if (objection === undefined) return undefined;
  return (
    `${url} would stand in the certificates of the CA for ten years, but ${objection}; set authority.pkiUrl to where ` +
    'everybody who checks certificates reaches /pki/ of this server, like http://pki.example.com/pki (for a CA to try ' +
    'out: --allow-local-pki-url, or authority.allowLocalPkiUrl)'
  );
}

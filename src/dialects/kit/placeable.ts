/**
 * Whether a vendor's challenge may be handed on to the customer, who does what it says. A vendor that is hostile, or whose account
 * or connection is in other hands, must not get a record that takes over a host or its mail, or a page of its own on the site: so
 * only what the rules of validation have (BR §3.2.2.4.7, §3.2.2.4.18) passes, at and below the very name.
 */
import type { Challenge } from '../../domain/challenge.ts';
import { quoted } from '../../domain/errors.ts';
import { baseName, type Identifier, isIp } from '../../domain/identifier.ts';
import { isPublicMailbox } from '../../domain/mailbox.ts';
import type { PublicSuffixes } from '../../domain/ports/system.ts';

/** The registered place of validation files (RFC 8615 registry), and that of RFC 8555 §8.3. */
const filePath = /^\/\.well-known\/(?:pki-validation|acme-challenge)\/(?!\.)[\w.-]{1,200}$/;
/** Hashes, random values and host names in a few lines. Nothing of it can be markup. */
const fileContent = /^(?:[\w .:=+/-]{1,512}(?:\r?\n|$)){1,16}$/;
/** No name of a value, as in `v=spf1`, and in the texts by which other services tell the owner of a domain. */
const txtValue = /^[\w.:+/-]{1,255}={0,2}$/;
const hostName = /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}$/;
/** Of validation: begun by `_` (BR §3.2.2.4.7), or a random value, as DigiCert's. */
const markedLabel = /^_[a-z0-9_-]{1,62}$/;
const randomLabel = /^[a-z0-9]{16,63}$/;
/** Labels below which mail, services and accounts are settled. */
const settledLabel =
  /^_(?:domainkey|dmarc|mta-sts|smtp|tls|spf|bimi|report|tcp|udp|sctp|dane|amazonses|atproto|validation-persist)$/;

/** Why it may not, in a vendor's words; undefined where it may. */
export function flawOfChallenge(
  challenge: Challenge,
  name: Identifier,
  publicSuffixes: PublicSuffixes,
): string | undefined {
  switch (challenge.method) {
    case 'httpFile':
    case 'httpsFile': {
      const { path, content } = challenge;
      if (!filePath.test(path)) return `it asks for a file at ${quoted(path)}, which is no place for one`;
      return fileContent.test(content) ? undefined : `it asks for a file with ${quoted(content)}`;
    }
    case 'dnsCname': {
      const { host, target } = challenge;
      const isTarget = hostName.test(target) && target !== host && !/^[0-9.]+$/.test(target);
      if (!isTarget) return `it asks for a CNAME to ${quoted(target)}`;
      return flawOfHost(host, name, { publicSuffixes, isCname: true });
    }
    case 'dnsTxt': {
      const { host, value } = challenge;
      if (!txtValue.test(value)) return `it asks for a TXT record with ${quoted(value)}`;
      return flawOfHost(host, name, { publicSuffixes, isCname: false });
    }
    case 'email': {
      const other = challenge.addresses.find((address) => !isPublicMailbox(address));
      return other === undefined ? undefined : `it writes to ${quoted(other)}`;
    }
    case 'tlsAlpn':
    case 'dnsPersist':
      return `it asks for ${challenge.method}, which no vendor does`;
    default:
      return challenge satisfies never;
  }
}

/** Below the name or one of its parents up to the registrable domain; a TXT record there as well. */
function flawOfHost(
  host: string,
  name: Identifier,
  { publicSuffixes, isCname }: { readonly publicSuffixes: PublicSuffixes; readonly isCname: boolean },
): string | undefined {
  const flaw = `it asks for a record at ${quoted(host)}, which is no place for one of ${name.value}`;
  if (isIp(name) || !hostName.test(host)) return flaw;
  const domains = domainsOf(baseName(name), publicSuffixes);
  // A CNAME there would be the name itself in other hands.
  if (domains.includes(host)) return isCname ? flaw : undefined;
  const domain = domains.find((one) => host.endsWith(`.${one}`));
  if (domain === undefined) return flaw;
  const labels = host.slice(0, -domain.length - 1).split('.');
  if (labels.some((label) => settledLabel.test(label))) return flaw;
  const isRandom = labels.length === 1 && randomLabel.test(host.slice(0, -domain.length - 1));
  return isRandom || labels.every((label) => markedLabel.test(label)) ? undefined : flaw;
}

/** The longest first. */
function domainsOf(base: string, publicSuffixes: PublicSuffixes): readonly string[] {
  const top = publicSuffixes.registrableDomain(base) ?? base;
  const labels = base === top ? [] : base.slice(0, -top.length - 1).split('.');
  return [...labels.map((_, index) => `${labels.slice(index).join('.')}.${top}`), top];
}

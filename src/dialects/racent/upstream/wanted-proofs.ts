/**
 * The vendor's challenges out of its six `DCV…` fields. The values are opaque: those of Sectigo's family are hashes of the CSR, those of
 * DigiCert's a random token (contract 2.4). They stand for every name of the order, or for each in `dcvInfo`.
 */
import type { Challenge } from '../../../domain/challenge.ts';
import { baseName, type Identifier, parseIdentifier } from '../../../domain/identifier.ts';
import type { WantedProof } from '../../../domain/ports/issuer.ts';
import type { PublicSuffixes } from '../../../domain/ports/system.ts';
import type { Purchase } from '../../../domain/ports/upstream.ts';
import { firstText, type Loose, looseFlag, looseList, looseObject, looseText } from '../../kit/loose.ts';
import { hostFromWire } from '../../kit/wire-host.ts';
import { choiceFor, domainToSend } from './order-to-send.ts';

const directory = '/.well-known/pki-validation/';

/** @param data of the reply to `place`, or to `collect` */
export function wantedProofs(
  data: Loose,
  { names, choices }: Purchase,
  publicSuffixes: PublicSuffixes,
): readonly WantedProof[] {
  const entries = looseList(data.dcvList).map(looseObject);
  const own = looseObject(data.dcvInfo);
  return names.flatMap((name): readonly WantedProof[] => {
    const entry = entries.find((one) => isOf(looseText(one.domainName), name)) ?? {};
    const key = Object.keys(own).find((text) => isOf(text, name));
    const fields = key === undefined ? data : looseObject(own[key]);
    const sent = domainToSend(choiceFor(choices, name), publicSuffixes);
    // It may have been changed since it was bought.
    const method = firstText(entry, 'dcvMethod') ?? sent.dcvMethod;
    const address = firstText(entry, 'dcvEmail') ?? (sent.dcvEmail || undefined);
    const challenge = challengeOf(name, { method: method.toUpperCase(), fields, address, names }, publicSuffixes);
    // A client takes any word for a yes (contract 2.3): one such as `pending` is none.
    const isProved = looseFlag(entry.is_verify, 'verified', 'done', 'yes');
    if (challenge === undefined && !isProved) return [];
    const challenges = challenge === undefined ? [] : [challenge];
    return [{ name: name.value, challenges, ...(isProved ? { isProved } : {}) }];
  });
}

interface Shown {
  readonly method: string;
  readonly fields: Loose;
  readonly address: string | undefined;
  /** All of the order. */
  readonly names: readonly Identifier[];
}

function challengeOf(
  name: Identifier,
  { method, fields, address, names }: Shown,
  publicSuffixes: PublicSuffixes,
): Challenge | undefined {
  switch (method) {
    case 'EMAIL':
      return address === undefined
        ? undefined
        : { method: 'email', binding: 'server', addresses: [address], chosen: address };
    case 'HTTP_CSR_HASH':
    case 'HTTPS_CSR_HASH':
      return fileOf(fields, method === 'HTTPS_CSR_HASH' ? 'httpsFile' : 'httpFile');
    default:
      return recordOf(name, { fields, method, names }, publicSuffixes);
  }
}

function fileOf(fields: Loose, method: 'httpFile' | 'httpsFile'): Challenge | undefined {
  const name = firstText(fields, 'DCVfileName');
  const { DCVfileContent: content } = fields;
  if (typeof content !== 'string' || content === '') return undefined;
  const path = pathOf(firstText(fields, 'DCVfilePath')) ?? (name === undefined ? undefined : directory + name);
  return path === undefined ? undefined : { method, binding: 'request', path, content };
}

/** The address of the first name's file, or its path only. Undefined for that of a folder. */
function pathOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const path = text.startsWith('/') ? text : URL.parse(text)?.pathname;
  return path === undefined || path.endsWith('/') ? undefined : path;
}

/** `DCVdnsHost` is a label before the name, the name itself as `@`, or a whole host (contract 2.4). */
function recordOf(
  name: Identifier,
  { fields, method, names }: Omit<Shown, 'address'>,
  publicSuffixes: PublicSuffixes,
): Challenge | undefined {
  const place = firstText(fields, 'DCVdnsHost');
  const value = firstText(fields, 'DCVdnsValue');
  if (place === undefined || value === undefined) return undefined;
  const shown = hostFromWire(place);
  const base = baseName(name);
  const host = shown === '@' ? base : hostFor(base, shown, { names, publicSuffixes });
  const type = firstText(fields, 'DCVdnsType')?.toUpperCase() ?? (method === 'DNS_CSR_HASH' ? 'TXT' : 'CNAME');
  if (type === 'TXT') return { method: 'dnsTxt', binding: 'request', host, value };
  return { method: 'dnsCname', binding: 'request', host, target: hostFromWire(value) };
}

/** One field stands for all names: a whole host of another of them tells only the label. */
function hostFor(
  base: string,
  shown: string,
  { names, publicSuffixes }: { readonly names: readonly Identifier[]; readonly publicSuffixes: PublicSuffixes },
): string {
  const bases = names.map(baseName).toSorted((one, other) => other.length - one.length);
  if (shown === base) return shown;
  const owner = bases.find((one) => shown.endsWith(`.${one}`));
  if (owner !== undefined) return `${shown.slice(0, -owner.length - 1)}.${base}`;
  // Below the domain that it is registered in, where some vendors have their records.
  const top = publicSuffixes.registrableDomain(base) ?? base;
  return shown === top || shown.endsWith(`.${top}`) ? shown : `${shown}.${base}`;
}

/** Names stand there as they were sent, in Unicode, or without the star of a wildcard. */
export function isOf(text: string | undefined, name: Identifier): boolean {
  if (text === undefined) return false;
  if (text === name.value || text === baseName(name)) return true;
  try {
    const { value } = parseIdentifier(text, 'domainName');
    return value === name.value || value === baseName(name);
  } catch {
    return false;
  }
}

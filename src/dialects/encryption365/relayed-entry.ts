/**
 * `dcv_info` of a name with other challenges than ours: an upstream's, or the delegation. They are shown in the fields of ours. What is
 * not offered for the name, or not made yet, is an empty text, never null: the Go client crashes on that.
 */
import { hash } from 'node:crypto';
import type { Authorization } from '../../domain/authorization.ts';
import type { Challenge } from '../../domain/challenge.ts';
import { isIp } from '../../domain/identifier.ts';
import { constructedAddresses } from '../../domain/mailbox.ts';
import type { PublicSuffixes } from '../../domain/ports/system.ts';
import { methodNames, splitName } from './proofs.ts';
import type { DcvEntry } from './schema.ts';

export function relayedEntryOf(
  { identifier, challenges, preferredMethod }: Authorization,
  { isVerified, publicSuffixes }: { readonly isVerified: boolean; readonly publicSuffixes: PublicSuffixes },
): DcvEntry {
  const { top, sub } = splitName(identifier, publicSuffixes);
  const host = identifier.kind === 'ipv6' ? `[${identifier.value}]` : identifier.value;
  const record = challenges.find(isRecord);
  const [http, https] = [fileOf('http', challenges, host), fileOf('https', challenges, host)];
  const mail = challenges.find((challenge) => challenge.method === 'email');
  return {
    domain: identifier.value,
    emails: [...(mail?.addresses ?? constructedAddresses(identifier, publicSuffixes))],
    method: methodNames[preferredMethod],
    status: isVerified ? 'verified' : 'needverification',
    domainmd5hash: hash('md5', identifier.value, 'hex'),
    isip: isIp(identifier),
    subdomain: sub,
    topdomain: top,
    dns_host: record === undefined ? '' : relativeTo(top, record.host),
    dns_type: record?.method === 'dnsTxt' ? 'TXT' : 'CNAME',
    dns_value: record === undefined ? '' : recordValueOf(record),
    http_verifylink: http.link,
    http_filename: http.name,
    http_filecontent: http.content,
    https_verifylink: https.link,
    https_filename: https.name,
    https_filecontent: https.content,
    email: preferredMethod === 'email' ? (mail?.chosen ?? null) : null,
  };
}

/** Where a file lies: empty texts where the upstream wants none. */
function fileOf(scheme: 'http' | 'https', challenges: readonly Challenge[], host: string) {
  const file = challenges.find(({ method }) => method === `${scheme}File`);
  if (file === undefined || !('path' in file)) return { link: '', name: '', content: '' };
  const { path, content } = file;
  return { link: `${scheme}://${host}${path}`, name: path.slice(path.lastIndexOf('/') + 1), content };
}

type RecordChallenge = Extract<Challenge, { readonly method: 'dnsCname' | 'dnsTxt' }>;

function isRecord(challenge: Challenge): challenge is RecordChallenge {
  return challenge.method === 'dnsCname' || challenge.method === 'dnsTxt';
}

function recordValueOf(record: RecordChallenge): string {
  return record.method === 'dnsCname' ? record.target : record.value;
}

/** `@`: the record lies at the registrable domain itself. */
function relativeTo(top: string, host: string): string {
  if (host === top) return '@';
  return host.endsWith(`.${top}`) ? host.slice(0, -top.length - 1) : host;
}

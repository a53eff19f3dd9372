/** Why a CSR cannot be read, in words that name its part and are true of its bytes. */
import { CertError, refuse } from '../domain/errors.ts';
import type { DerFault } from '../domain/messages/faults.ts';
import type { CsrPart, OtherThanCsr } from '../domain/messages/words.ts';
import { type DerKind, derKindOf } from './der-kind.ts';
import { isDer } from './der-walk.ts';

/** Encodings that BER allows and DER does not. */
const berFaults: ReadonlySet<DerFault['fault']> = new Set([
  'indefiniteLength',
  'lengthNotMinimal',
  'notMinimal',
  'badBoolean',
]);

const otherKinds: ReadonlyMap<DerKind | undefined, OtherThanCsr> = new Map([
  ['CERTIFICATE', 'a certificate'],
  ['PUBLIC KEY', 'a public key'],
  ['PKCS7', 'PKCS#7'],
  ['PKCS12', 'PKCS#12'],
] as const);

/** @param part the part that was read when it failed; undefined for the frame of it all */
export function csrFault(thrown: unknown, der: Buffer, part: CsrPart | undefined): unknown {
  if (!(thrown instanceof CertError) || thrown.reason.key !== 'derMalformed') return thrown;
  const { what: whole, detail, offset } = thrown.reason.params;
  const what = part === undefined ? whole : `${whole}'s ${part}`;
  if (berFaults.has(detail.fault)) return refuse('derIsBer', { what, detail, offset });
  if (!isDer(der)) return refuse('derMalformed', { what, detail, offset });
  const kind = derKindOf(der);
  if (kind?.endsWith('PRIVATE KEY') === true) return refuse('csrWithPrivateKey', { what: whole });
  const found = otherKinds.get(kind);
  if (found !== undefined) return refuse('csrOther', { what: whole, found });
  return refuse('derUnreadable', { what, detail, offset });
}

/** An order as `place` and `collect` show it. */
import type { PublicSuffixes } from '../../../domain/ports/system.ts';
import type { Purchase, VendorAnswer, VendorState } from '../../../domain/ports/upstream.ts';
import { UpstreamFailure } from '../../../domain/upstream-failure.ts';
import { parseCsr } from '../../../pki/csr.ts';
import { parsePrivateKeyPem, publicKeyOf } from '../../../pki/key.ts';
import { receivedCertificate } from '../../../pki/received-certificates.ts';
import { firstText, type Loose, looseObject } from '../../kit/loose.ts';
import { parseWireTime } from '../../kit/wire-time.ts';
import { wantedProofs } from './wanted-proofs.ts';

/** Its times are those of Beijing: certificates of its samples begin at 08:00:00 (contract 2.3). */
export const vendorOffset = '+08:00';

/**
 * The words of `status`: its document has three, its PHP SDK `FAILED`, its live service `REISSUED` for one that another has followed.
 * Of a cancelled one there may be a certificate all the same, which was revoked since.
 */
const states: Readonly<Record<string, VendorState>> = {
  PENDING: 'processing',
  COMPLETE: 'issued',
  REISSUED: 'issued',
  CANCELLED: 'cancelled',
  CANCELED: 'cancelled',
  FAILED: 'refused',
};

export function stateOfWords(words: string | undefined): VendorState {
  return states[words?.toUpperCase() ?? ''] ?? 'unknown';
}

/** A reply to a call that buys. Its challenges come with it, or later. */
export function placedAnswer(data: Loose, purchase: Purchase, publicSuffixes: PublicSuffixes): VendorAnswer {
  const certId = firstText(data, 'certId');
  // It may have taken the order: the search by our reference tells its number.
  if (certId === undefined) throw new UpstreamFailure('away', 'a reply to an order that names no certId');
  const proofs = wantedProofs(data, purchase, publicSuffixes);
  const state = proofs.length > 0 ? 'proving' : 'preparing';
  return { ...nothing, reference: { order: certId, certificate: null }, state, words: 'PENDING', proofs };
}

export function collectedAnswer(
  certId: string,
  body: Loose,
  { purchase, publicSuffixes }: { readonly purchase: Purchase; readonly publicSuffixes: PublicSuffixes },
): VendorAnswer {
  const data = looseObject(body.data);
  const words = firstText(body, 'status', 'certStatus') ?? firstText(data, 'status');
  const shown = stateOfWords(words);
  const certificate = certificateOf(data, purchase);
  const answer = {
    ...nothing,
    reference: { order: certId, certificate: null },
    words: words ?? 'no status',
    coverageUntil: parseWireTime(firstText(data, 'dueDate') ?? '', vendorOffset) ?? null,
  };
  const isIssued = certificate !== null && (shown === 'issued' || shown === 'cancelled');
  if (isIssued) return { ...answer, state: 'issued', certificate };
  // Complete, and its certificate is not there yet.
  if (shown === 'issued') return { ...answer, state: 'processing' };
  return shown === 'processing'
    ? { ...answer, ...pending(data, purchase, publicSuffixes) }
    : { ...answer, state: shown };
}

const nothing = { proofs: [], proofsUntil: null, certificate: null, price: null, coverageUntil: null } as const;

/** One that waits: for the order to be entered at the CA, for the proofs, for documents of the organization, or for the CA. */
function pending(
  data: Loose,
  purchase: Purchase,
  publicSuffixes: PublicSuffixes,
): Pick<VendorAnswer, 'state' | 'proofs' | 'words'> {
  const [application, dcv, issued, ov] = (['application', 'dcv', 'issued', 'ov'] as const).map((step) =>
    firstText(looseObject(data[step]), 'status')?.toLowerCase(),
  );
  const words = `PENDING (${Object.entries({ application, dcv, ov, issued })
    .flatMap(([step, status]) => (status === undefined ? [] : [`${step} ${status}`]))
    .join(', ')})`.replace(' ()', '');
  const proofs = wantedProofs(data, purchase, publicSuffixes);
  const isProved = dcv === 'done' || (proofs.length > 0 && proofs.every((proof) => proof.isProved === true));
  if (isProved) return { state: 'processing', proofs: [], words };
  // Its clients hide the challenges while the order is being entered (contract 2.3); what is shown then may still change.
  const isEntered = application === undefined || application === 'done';
  const isShown = isEntered && proofs.some(({ challenges }) => challenges.length > 0);
  return isShown ? { state: 'proving', proofs, words } : { state: 'preparing', proofs: [], words };
}

function certificateOf(data: Loose, { csr }: Purchase): VendorAnswer['certificate'] {
  const leaf = firstText(data, 'certificate');
  if (leaf === undefined) return null;
  const keyText = csr === null ? firstText(data, 'privateKey', 'rsaPrivateKey') : undefined;
  const privateKey = keyText === undefined ? undefined : parsePrivateKeyPem(keyText);
  const spkiDer = csr === null ? privateKey && publicKeyOf(privateKey).spkiDer : parseCsr(csr).publicKey.spkiDer;
  const found = receivedCertificate([leaf, firstText(data, 'caCertificate')], spkiDer);
  if (found === undefined) return null;
  return { ...found, ...(privateKey === undefined ? {} : { privateKey }) };
}

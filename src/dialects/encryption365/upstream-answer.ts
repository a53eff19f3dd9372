/** An order as the vendor shows it, in the words of the core. */

import type { PublicSuffixes } from '../../domain/ports/system.ts';
import type { Purchase, VendorAnswer, VendorState } from '../../domain/ports/upstream.ts';
import { parseCsr } from '../../pki/csr.ts';
import { type SoldCertificate, soldCertificate } from '../../pki/sold-certificate.ts';
import { moneyFromWire } from '../kit/wire-money.ts';
import { parseWireTime } from '../kit/wire-time.ts';
import type { DetailsReply, PlacedReply } from './replies.ts';
import { proofsFromWire } from './upstream-proofs.ts';

/** Prices of this API are in yuan; no reply of the vendor names a currency. */
export const usualCurrency = 'CNY';
/** The samples' times are China's. */
const offset = '+08:00';

type Standing = 'underWay' | 'over' | 'refused' | 'cancelled';

/** `over`: there is a certificate, or it had one. */
const standings: Readonly<Record<string, Standing>> = {
  enroll_caprocessing: 'underWay',
  issued_active: 'over',
  expired: 'over',
  revoked: 'over',
  rejected: 'refused',
  cancelled: 'cancelled',
};

export function placedAnswer(reply: PlacedReply, context: AnswerContext & { readonly currency: string }): VendorAnswer {
  const details = { ...reply, cert_code: null, ca_code: null, expire_at: null, message: null };
  return { ...answerOf(details, context), price: moneyFromWire(reply.total_fees, context.currency) };
}

type Shown = Pick<
  DetailsReply,
  'trustocean_id' | 'cert_status' | 'message' | 'dcv_info' | 'cert_code' | 'ca_code' | 'expire_at'
>;

export interface AnswerContext {
  readonly purchase: Purchase;
  readonly publicSuffixes: PublicSuffixes;
}

export function answerOf(shown: Shown, { purchase, publicSuffixes }: AnswerContext): VendorAnswer {
  const word = shown.cert_status.trim();
  const common = {
    reference: { order: String(shown.trustocean_id), certificate: null },
    words: [word, shown.message?.trim() ?? ''].filter((text) => text !== '').join(': '),
    proofs: [],
    proofsUntil: null,
    certificate: null,
    price: null,
    coverageUntil: shown.expire_at === null ? null : (parseWireTime(shown.expire_at, offset) ?? null),
  } as const satisfies Partial<VendorAnswer>;
  const standing = standingOf(word);
  if (standing === undefined) return { ...common, state: 'unknown' };
  if (standing === 'refused' || standing === 'cancelled') return { ...common, state: standing };
  if (standing === 'over') return { ...common, ...certificateIn(shown, word, purchase) };
  const proofs = proofsFromWire(purchase.names, shown.dcv_info, publicSuffixes);
  return { ...common, proofs, state: stateByProofs(proofs) };
}

/** An order just placed is under way, also where the reply leaves its state out. */
function standingOf(word: string): Standing | undefined {
  const known = word === '' ? 'enroll_caprocessing' : word.toLowerCase();
  return Object.hasOwn(standings, known) ? standings[known] : undefined;
}

/** Whether it is reissued, now or later. By a state that is in no document nothing is concluded. */
export function isOfUse({ cert_status }: Pick<Shown, 'cert_status'>): boolean {
  return !['expired', 'revoked', 'rejected', 'cancelled'].includes(cert_status.trim().toLowerCase());
}

function stateByProofs(proofs: VendorAnswer['proofs']): VendorState {
  const open = proofs.filter(({ isProved }) => isProved !== true);
  if (open.length === 0) return 'processing';
  return open.some(({ challenges }) => challenges.length === 0) ? 'preparing' : 'proving';
}

/**
 * The certificate, where it is the one that was bought. A reissue has the number of its order, and until it is issued some answers may
 * still show the certificate of before: that one has another key, or other names.
 */
function certificateIn(
  { cert_code, ca_code }: Shown,
  word: string,
  purchase: Purchase,
): Pick<VendorAnswer, 'state' | 'words' | 'certificate'> {
  const isActive = word.toLowerCase() === 'issued_active';
  const spkiDer = purchase.csr === null ? undefined : parseCsr(purchase.csr).publicKey.spkiDer;
  const sold = soldCertificate([cert_code ?? '', ca_code ?? ''], spkiDer);
  if (sold === undefined) {
    return { state: isActive ? 'processing' : 'refused', words: `${word}, without a certificate`, certificate: null };
  }
  if (sold === 'unreadable') {
    return { state: 'unknown', words: `${word}, with a certificate that cannot be read`, certificate: null };
  }
  if (purchase.kind === 'reissue' && !isReissued(sold, purchase)) {
    const words = `${word}, with the certificate of before`;
    return { state: isActive ? 'processing' : 'refused', words, certificate: null };
  }
  const { der, chain } = sold;
  return { state: 'issued', words: word, certificate: { der, chain } };
}

/** Further names are no reason to wait: CAs add a `www.`, and whether that will do is not decided here. */
function isReissued({ isForKey, leaf }: SoldCertificate, { names }: Purchase): boolean {
  return isForKey && names.every(({ value }) => leaf.names.includes(value));
}

/** What the vendor shows of a purchase: of an order, and of the one of its certificates that was bought by it. */
import { CertError } from '../../../domain/errors.ts';
import type { PublicSuffixes } from '../../../domain/ports/system.ts';
import type { Purchase, VendorAnswer, VendorState } from '../../../domain/ports/upstream.ts';
import { UpstreamFailure } from '../../../domain/upstream-failure.ts';
import { parseCsr } from '../../../pki/csr.ts';
import { receivedCertificate } from '../../../pki/received-certificates.ts';
import { firstText, type Loose, looseList, looseObject, looseText } from '../../kit/loose.ts';
import { type DcvMethod, dcvMethods } from '../proofs.ts';
import { parseMoment } from '../wire/wire-time.ts';
import { dcvMethodFor } from './order-to-send.ts';
import { certificatesIn, isForKey, ownAmong } from './own-certificate.ts';
import type { Requests } from './requests.ts';
import { requestOf, stateOfCertificate, stateOfOrder } from './states.ts';
import { approvedNames, pendingWords, wantedProofs } from './wanted-proofs.ts';

const nothing = { proofs: [], proofsUntil: null, certificate: null, price: null, coverageUntil: null } as const;

export interface Reader {
  /** The reply to a call that buys. */
  placed(reply: Loose, purchase: Purchase): VendorAnswer;
  /** @param id of the certificate, where it is known */
  read(
    at: { readonly number: string; readonly id: string | null },
    purchase: Purchase,
    signal: AbortSignal,
  ): Promise<VendorAnswer>;
}

/** One certificate of an order, with its state. */
interface Own {
  readonly id: string | null;
  readonly state: VendorState;
  readonly words: string;
}

export function createReader(requests: Requests, publicSuffixes: PublicSuffixes): Reader {
  async function own(order: Loose, id: string | null, { purchase, signal }: Of): Promise<Own> {
    const number = firstText(order, 'id') ?? '';
    const words = firstText(order, 'status') ?? 'no status';
    const primary = looseObject(order.certificate);
    const primaryId = firstText(primary, 'id') ?? null;
    if (purchase.kind === 'duplicate') {
      const { certificates } = await list(number, 'duplicate', signal);
      return ofList(ownAmong(certificates, purchase, { id })) ?? ofRequest(order, 'duplicate', id);
    }
    // After a reissue the order shows its certificate, and this one stands in the list (contract 4.1).
    const isPrimary = isForKey(primary, purchase) ?? (id !== null && id === primaryId);
    if (purchase.kind === 'reissue') {
      if (isPrimary && words !== 'reissue_pending') return { id: primaryId, state: stateOfOrder(words), words };
      const { certificates } = await list(number, 'reissue', signal);
      const found = ofList(ownAmong(certificates, purchase, { id }));
      if (found !== undefined) return found;
      if (words === 'reissue_pending') return { id, state: reissueState(order), words };
      return ofRequest(order, 'reissue', id);
    }
    const state = stateOfOrder(words);
    if (state !== 'issued') return { id: id ?? primaryId, state, words };
    if (id !== null || isPrimary) return { id: id ?? primaryId, state, words };
    const { certificates } = await list(number, 'reissue', signal);
    const found = ownAmong(certificates, purchase, { id });
    return { id: found === undefined ? primaryId : (firstText(found, 'id') ?? primaryId), state, words };
  }

  async function list(number: string, of: 'reissue' | 'duplicate', signal: AbortSignal) {
    const reply = await requests.get(`/order/certificate/${encodeURIComponent(number)}/${of}`, { signal });
    return { certificates: certificatesIn(reply) };
  }

  /** A wait for validation: of the names, where they are proved to the vendor for us, or of what it has to have validated. */
  async function waiting(order: Loose, { purchase, signal }: Of): Promise<Partial<VendorAnswer>> {
    const number = firstText(order, 'id') ?? '';
    const words = firstText(order, 'status') ?? 'no status';
    const path = `/order/certificate/${encodeURIComponent(number)}`;
    const validation = (await requests.getIfAny(`${path}/validation`, { signal })) ?? {};
    const open = pendingWords(validation);
    const shown = open.length === 0 ? words : `${words} (${open.join('; ')})`;
    if (purchase.choices.length === 0) return { state: open.length === 0 ? 'processing' : 'held', words: shown };
    const method = methodOf(order) ?? dcvMethodFor(purchase) ?? 'email';
    // It is asked for the value each time: one that still holds is the same again (contract 3.1).
    const token: Loose = method === 'email' ? {} : await requests.put(`${path}/dcv-random-value`, { body: {}, signal });
    const isApproved = approvedNames(validation);
    const [value, target] = [firstText(token, 'dcv_random_value'), firstText(token, 'verification_value')];
    const proofs = wantedProofs(purchase, { method, value, target }, { isApproved, publicSuffixes });
    if (proofs.length === 0) return { state: 'preparing', words: shown };
    if (proofs.every(({ isProved }) => isProved === true)) return { state: 'processing', words: shown };
    const proofsUntil = parseMoment(firstText(token, 'expiration_date') ?? '') ?? null;
    return { state: 'proving', words: shown, proofs, proofsUntil };
  }

  async function read(
    { number, id }: { readonly number: string; readonly id: string | null },
    purchase: Purchase,
    signal: AbortSignal,
  ): Promise<VendorAnswer> {
    const shown = await requests.get(`/order/certificate/${encodeURIComponent(number)}`, { signal });
    requireOwn(shown, number, purchase);
    const order = { ...shown, id: number };
    const found = await own(order, id, { purchase, signal });
    const answer: VendorAnswer = {
      ...nothing,
      reference: { order: number, certificate: found.id },
      state: found.state,
      words: found.words,
      coverageUntil: parseMoment(firstText(order, 'order_valid_till') ?? '') ?? null,
    };
    if (found.state === 'proving') return { ...answer, ...(await waiting(order, { purchase, signal })) };
    if (found.state !== 'issued') return answer;
    if (found.id === null) return { ...answer, state: 'processing' };
    const path = `/certificate/${encodeURIComponent(found.id)}/download/format/pem_all`;
    const file = await requests.file(path, { signal });
    // Issued, and its file is not there yet.
    if (file === undefined) return { ...answer, state: 'processing' };
    const certificate = certificateIn([file], purchase);
    if (certificate === undefined) throw new UpstreamFailure('away', 'a file without a certificate');
    return { ...answer, certificate };
  }

  return {
    read,
    placed(reply, purchase) {
      const number = firstText(reply, 'id');
      // It may have taken the order: the search by our reference tells its number.
      if (number === undefined) throw new UpstreamFailure('away', 'a reply to an order that names no id');
      const id = firstText(reply, 'certificate_id') ?? null;
      const answer = { ...nothing, reference: { order: number, certificate: id } };
      const chain = looseList(reply.certificate_chain).map((link) => looseText(looseObject(link).pem));
      const certificate = readableCertificate(chain, purchase);
      // It has the order, whatever it shows: its file is had by the next look.
      if (certificate === 'unreadable')
        return { ...answer, state: 'processing', words: 'issued, in a chain that cannot be read' };
      if (certificate !== undefined) return { ...answer, state: 'issued', words: 'issued', certificate };
      const [request] = looseList(reply.requests).map((one) => firstText(looseObject(one), 'status'));
      const isHeld = request === 'pending' || request === 'submitted';
      if (isHeld) return { ...answer, state: 'held', words: `request ${request}` };
      const method = dcvMethodFor(purchase);
      const value = firstText(reply, 'dcv_random_value');
      const isApproved = () => false;
      const proofs =
        method === undefined ? [] : wantedProofs(purchase, { method, value }, { isApproved, publicSuffixes });
      return { ...answer, state: proofs.length > 0 ? 'proving' : 'preparing', words: 'pending', proofs };
    },
  };
}

interface Of {
  readonly purchase: Purchase;
  readonly signal: AbortSignal;
}

function ofList(certificate: Loose | undefined): Own | undefined {
  if (certificate === undefined) return undefined;
  const words = firstText(certificate, 'status') ?? 'no status';
  return { id: firstText(certificate, 'id') ?? null, state: stateOfCertificate(words), words };
}

/** Its certificate is not in the list: only the request says what becomes of it. */
function ofRequest(order: Loose, type: 'reissue' | 'duplicate', id: string | null): Own {
  const request = requestOf(order, type);
  return { id, ...(request ?? { state: 'unknown', words: `an order without the ${type}` }) };
}

/** Validation, or first an approval. */
function reissueState(order: Loose): VendorState {
  const request = requestOf(order, 'reissue');
  return request?.state === 'held' ? 'held' : 'proving';
}

function methodOf(order: Loose): DcvMethod | undefined {
  const shown = firstText(order, 'dcv_method')?.toLowerCase();
  return dcvMethods.find((method) => method === shown);
}

/** @throws {UpstreamFailure} away, for one that cannot be read */
function certificateIn(texts: readonly (string | undefined)[], { csr }: Purchase) {
  try {
    return receivedCertificate(texts, csr === null ? undefined : parseCsr(csr).publicKey.spkiDer);
  } catch (thrown) {
    if (!(thrown instanceof CertError)) throw thrown;
    throw new UpstreamFailure('away', thrown.message, { cause: thrown });
  }
}

function readableCertificate(texts: readonly (string | undefined)[], purchase: Purchase) {
  try {
    return certificateIn(texts, purchase);
  } catch (thrown) {
    if (thrown instanceof UpstreamFailure) return 'unreadable';
    throw thrown;
  }
}

/** References of ours, those of other software of the account are of any form. */
const ownReference = /^iss_[a-z0-9]{26}$/;

/**
 * The number may have been another's: of a reply out of a cache on the way, or typed by the operator who looked for a lost order. Its
 * certificate, and our giving it up, would be another customer's.
 * @throws {UpstreamFailure} away: it is another order; refused: it was bought for another issuance
 */
function requireOwn(shown: Loose, number: string, { kind, clientReference }: Purchase): void {
  const id = firstText(shown, 'id');
  // The call takes thumbprints and serials too (contract 3.1), by which nothing else finds the order again.
  if (id !== undefined && id !== number)
    throw new UpstreamFailure('away', `a reply about order ${id} instead of ${number}`);
  const reference = firstText(shown, 'alternative_order_id');
  const isOther = reference !== undefined && ownReference.test(reference) && reference !== clientReference;
  if (!isOther || kind === 'reissue' || kind === 'duplicate') return;
  throw new UpstreamFailure('refused', `order ${number} was bought as ${reference}`);
}

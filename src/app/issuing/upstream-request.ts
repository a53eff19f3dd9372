/** One call to an upstream: what it is told of the order, and which of the issuer's functions is called. */
import type { Certificate } from '../../domain/certificate.ts';
import type { NameChoice } from '../../domain/challenge.ts';
import { reason } from '../../domain/errors.ts';
import type { IssuanceId, OrderId } from '../../domain/ids.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { Order } from '../../domain/order.ts';
import {
  canCancel,
  type MethodRefused,
  type NameKept,
  type NameRemoved,
  type NotPassedOn,
  type OrderedTerms,
  type RelayOutcome,
  removesNames,
  type UpstreamIssuer,
  type UpstreamRequest,
  wantsProofs,
} from '../../domain/ports/issuer.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { productCodeOf } from '../../domain/product-code.ts';
import type { PassedOn } from '../../domain/relay.ts';
import { parseCsr } from '../../pki/csr.ts';
import type { AppContext } from '../context.ts';
import { coverageAt } from '../orders/coverage.ts';
import { termsOfIssuance } from '../orders/key-terms.ts';
import { proofsOf } from '../orders/order-view.ts';
import { lastIssued } from '../orders/reissue-order.ts';
import { chosenAddress } from '../proving/confirmation-request.ts';
import { certifiedOrganization } from './work-to-sign.ts';

export interface UpstreamCall {
  readonly issuer: UpstreamIssuer;
  readonly call: 'begin' | 'resume' | 'cancel' | 'proofsWanted' | 'checkProofs' | 'changeMethod' | 'removeName';
  readonly order: Order;
  readonly issuance: Issuance;
  readonly reference: string | null;
  /** The customer's wish, for `checkProofs`, `changeMethod` and `removeName`. */
  readonly passedOn?: PassedOn;
  /** A wish waits for somebody, and the issuance rests for that reason. */
  readonly isHeld?: true;
}

/** The upstream's answer, or that it has cancelled. */
export type UpstreamAnswer =
  | RelayOutcome
  | MethodRefused
  | NameRemoved
  | NameKept
  | NotPassedOn
  | { readonly kind: 'cancelled' };

export async function callUpstream(
  context: AppContext,
  step: UpstreamCall,
  signal: AbortSignal,
): Promise<UpstreamAnswer> {
  const { issuer, call, order, issuance, reference, passedOn } = step;
  if (call === 'cancel' && canCancel(issuer)) {
    const given = { issuanceId: issuance.id, reference };
    if ((await issuer.cancel(given, signal)) === 'cancelled') return { kind: 'cancelled' };
  }
  const request = await requestOf(context, step);
  if (call === 'begin') return issuer.begin(request, signal);
  if (call === 'cancel') return issuer.resume({ ...request, isGivenUp: true }, reference, signal);
  if (call === 'resume') return issuer.resume(request, reference, signal);
  if (!wantsProofs(issuer)) throw new Error(`${issuer.id} checks no names itself`);
  if (passedOn === undefined) return issuer.proofsWanted(request, reference, signal);
  if ('checkOf' in passedOn) return issuer.checkProofs(request, reference, signal);
  if ('choice' in passedOn) return issuer.changeMethod(request, { ...passedOn.choice, reference }, signal);
  if (removesNames(issuer)) return issuer.removeName(request, { name: passedOn.removal, reference }, signal);
  const fixed = reason('relayedNamesFixed', { order: String(order.number), issuer: issuer.id });
  return { kind: 'nameKept', reference, reason: fixed };
}

export async function requestOf(
  context: AppContext,
  { order, issuance, issuer }: Pick<UpstreamCall, 'order' | 'issuance' | 'issuer'>,
): Promise<UpstreamRequest> {
  const { id: issuanceId, csr, names, validity } = issuance;
  if (csr === null) throw new Error(`issuance ${issuanceId} is at an upstream without a CSR`);
  const { read } = context.database;
  const { profile, requester } = await termsOfIssuance(context, read, issuance);
  const days = requester.key?.policy.maxValidityDays ?? null;
  return {
    issuanceId,
    accountId: order.accountId,
    profile,
    csr,
    names: names.map(({ identifier }) => identifier),
    organization: await certifiedOrganization(context, { order, issuance }),
    validity: validity ?? (days === null ? null : { days }),
    coverageUntil: (await coverageAt(read, order, context.clock.now())).until,
    choices: choicesOf(await proofsOf(read, issuance)),
    ordered: await orderedTerms(read, { order, issuance }),
    predecessor: (await predecessorOf(read, { order, issuance }, issuer.id)) ?? null,
  };
}

async function orderedTerms(
  read: Stores,
  { order, issuance }: Pick<UpstreamCall, 'order' | 'issuance'>,
): Promise<OrderedTerms> {
  const { id: orderId, productId, coverage, contact, organizationId, renewalOf } = order;
  const product = await read.products.get(productId);
  if (product === undefined) throw new Error(`there is no product ${productId} of order ${order.number}`);
  const organization = organizationId === null ? undefined : await read.organizations.get(organizationId);
  return {
    ...{ orderId, productId, coverage, contact },
    productCode: productCodeOf(product),
    kind: issuance.kind,
    organizationNumber: organization?.number ?? null,
    earlier: await issuedOf(read, orderId, issuance.id),
    renewed: renewalOf === null ? [] : await issuedOf(read, renewalOf),
    keyType: keyTypeOf(issuance.csr),
    isKeyOurs: issuance.sealedKey !== null,
  };
}

function keyTypeOf(csr: Uint8Array | null): OrderedTerms['keyType'] {
  return csr !== null && parseCsr(csr).publicKey.algorithm.type === 'rsa' ? 'rsa' : 'ec';
}

async function issuedOf(read: Stores, orderId: OrderId, before?: IssuanceId): Promise<readonly IssuanceId[]> {
  const issued = (await read.issuances.listOfOrder(orderId)).filter(({ state }) => state === 'issued');
  return issued.flatMap(({ id }) => (id === before ? [] : [id])).toReversed();
}

/** The certificate that this one follows at the same issuer: the last one of the order, or of the order that it renews. A duplicate follows none. */
export async function predecessorOf(
  read: Stores,
  { order, issuance }: Pick<UpstreamCall, 'order' | 'issuance'>,
  issuerId: string,
): Promise<Certificate | undefined> {
  if (issuance.kind === 'duplicate') return undefined;
  const earlier = order.renewalOf === null ? undefined : await read.orders.get(order.renewalOf);
  const last = (await lastIssued(read, order)) ?? (earlier && (await lastIssued(read, earlier)));
  const found = last?.certificateId ? await read.certificates.get(last.certificateId) : undefined;
  return found?.issuerId === issuerId && found.state === 'valid' ? found : undefined;
}

/** Only of those that the upstream checks. */
export function choicesOf(proofs: Awaited<ReturnType<typeof proofsOf>>): readonly NameChoice[] {
  return proofs.flatMap(({ identifier: name, authorization }): NameChoice[] => {
    if (authorization.checkedBy === null) return [];
    const address = chosenAddress(authorization);
    return [{ name, choice: address === undefined ? authorization.preferredMethod : { method: 'email', address } }];
  });
}

/** Finalizing an ACME order: it is placed as an order of the account, charged, and issued (RFC 8555 §7.4). */
import { hash } from 'node:crypto';
import { type AcmeOrder, standingOf } from '../../domain/acme-order.ts';
import { isUsable } from '../../domain/authorization.ts';
import type { Caller } from '../../domain/caller.ts';
import { CertError, refuse } from '../../domain/errors.ts';
import { type Identifier, parseIdentifier } from '../../domain/identifier.ts';
import { base32 } from '../../domain/ids.ts';
import type { AcmeOrders } from '../../domain/ports/acme-orders.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { periodsOf } from '../../domain/product.ts';
import { acmeOrderTransitions, statesAccepting } from '../../domain/states.ts';
import { type Csr, parseCsr } from '../../pki/csr.ts';
import { spkiSha256 } from '../../pki/public-key.ts';
import type { AppContext } from '../context.ts';
import { requireMoved } from '../moved.ts';
import { accountOf } from '../scope.ts';
import {
  bindingKeyOf,
  coverageOf,
  findAcmeOrder,
  orderRequestOf,
  soldProduct,
  viewAcmeOrder,
} from './acme-order-terms.ts';
import { begin, chargesOf, draftOrder, type Placed, place } from './place-order.ts';
import { settleOrder } from './settle-order.ts';
import { subscriberKeyOf } from './subscriber-key.ts';

const referenceBytes = 16;

export function createFinalize(context: AppContext): AcmeOrders['finalize'] {
  const { database } = context;
  const { read } = database;

  return async (caller, id, csrDer, withinMs) => {
    const found = await findAcmeOrder(read, caller, id);
    const csrHash = hash('sha256', csrDer, 'hex');
    if (!isRepeated(found, csrHash)) await placeAcmeOrder(context, caller, { found, csrDer, csrHash });
    const placed = await findAcmeOrder(read, caller, id);
    const issuance = placed.issuanceId === null ? undefined : await read.issuances.get(placed.issuanceId);
    if (issuance !== undefined) await settleOrder(context, caller, { issuanceNumber: issuance.number }, withinMs);
    return viewAcmeOrder(context, caller, placed);
  };
}

/** A client that has lost the reply sends the same again, and pays once. */
function isRepeated({ state, csrHash }: AcmeOrder, sent: string): boolean {
  return state === 'placed' && csrHash === sent;
}

interface Finalized {
  readonly found: AcmeOrder;
  readonly csrDer: Uint8Array;
  readonly csrHash: string;
}

async function placeAcmeOrder(
  context: AppContext,
  caller: Caller,
  { found, csrDer, csrHash }: Finalized,
): Promise<void> {
  const { database, random } = context;
  const { read } = database;
  await requireReady(context, read, found);
  const csr = parseCsr(csrDer);
  const names = found.names.map(({ identifier }) => identifier);
  requireSameNames(csr, names);
  await requireOtherKey(read, caller, csr);
  const key = await bindingKeyOf(read, caller);
  const product = await soldProduct(read, await accountOf(read, caller), found.productId);
  const request = orderRequestOf(
    { productId: found.productId },
    {
      key,
      names,
      validity: found.validity,
      csr: csrDer,
      proofReference: base32(random.bytes(referenceBytes)),
      dialectData: found.dialectData,
      periods: periodsOf(coverageOf(key, product), product.coverage),
    },
  );
  const draft = await draftOrder(context, caller, request);
  const subscriberKey = await subscriberKeyOf(context, csrDer, { names, profile: draft.profile });
  const outcome = await database.write(async (tx): Promise<Placed | 'repeated'> => {
    const current = await findAcmeOrder(tx, caller, found.id);
    if (isRepeated(current, csrHash)) return 'repeated';
    await requireReady(context, tx, current);
    // Revoked a moment ago, it orders nothing any more.
    await bindingKeyOf(tx, caller);
    const placed = await place(context, tx, caller, { ...draft, key: subscriberKey });
    if ('earlier' in placed)
      throw refuse('internal', {}, { cause: new Error(`${found.id} claims an idempotency key`) });
    const { issuance, authorizations } = placed;
    const now = context.clock.now();
    // The platform could not prove a name without the client, who believes to be done.
    if (!authorizations.every((one) => isUsable(one, now))) throw notReady(current, 'pending');
    const from = statesAccepting(acmeOrderTransitions, 'place');
    const isMoved = await tx.acmeOrders.move(found.id, from, 'placed', { issuanceId: issuance.id, csrHash });
    requireMoved(isMoved, { what: 'acmeOrder', value: found.id, state: current.state, needed: 'ready' });
    return placed;
  }, chargesOf(draft));
  if (outcome !== 'repeated') begin(context, draft, outcome);
}

/** @throws {CertError} wrongState */
async function requireReady({ clock }: AppContext, stores: Stores, order: AcmeOrder): Promise<void> {
  const now = clock.now();
  if (order.state === 'open' && order.expiresAt <= now) {
    throw refuse('acmeOrderExpired', { at: order.expiresAt.toISOString() });
  }
  const ids = [...new Set(order.names.map(({ authorizationId }) => authorizationId))];
  const standing = standingOf(order, await stores.authorizations.listByIds(ids), now);
  if (standing !== 'ready') throw notReady(order, standing);
}

function notReady({ id }: AcmeOrder, state: 'pending' | 'invalid' | 'placed'): CertError {
  return refuse('wrongState', { what: 'acmeOrder', value: id, state, needed: 'ready' });
}

/**
 * RFC 8555 §7.4: exactly the names of the order, in the subjectAltName or as the common name.
 * @throws {CertError} badCsr
 */
function requireSameNames(csr: Csr, names: readonly Identifier[]): void {
  const { requestedNames, commonName } = csr;
  const asked = new Set<string>();
  for (const name of commonName === undefined ? requestedNames : [...requestedNames, commonName]) {
    asked.add(canonicalName(name));
  }
  const wanted = new Set(names.map(({ value }) => value));
  const missing = [...wanted].filter((name) => !asked.has(name));
  const further = [...asked].filter((name) => !wanted.has(name));
  if (missing.length > 0) throw refuse('csrLacksNames', { names: missing.join(', ') });
  if (further.length > 0) throw refuse('csrHasOtherNames', { names: further.join(', ') });
}

/** What is no name of any certificate is shown as it stands. */
function canonicalName(name: string): string {
  try {
    return parseIdentifier(name, 'csr').value;
  } catch (thrown) {
    if (thrown instanceof CertError) return name;
    throw thrown;
  }
}

/** RFC 8555 §11.1: the key of an ACME account is not that of a certificate. @throws {CertError} badCsr */
async function requireOtherKey(stores: Stores, { dialect, credentialId }: Caller, csr: Csr): Promise<void> {
  const own = credentialId === null ? undefined : await stores.credentials.get(credentialId);
  const realm = own?.key?.realm;
  if (realm === undefined) return;
  const found = await stores.credentials.getByKey(dialect, { realm, hash: spkiSha256(csr.publicKey.spkiDer) });
  if (found !== undefined) throw refuse('csrHasAccountKey', {});
}

/** An ACME order as its client may see it, and the terms by which it is placed: those of the key that bound the client to the account. */
import type { Account, Credential } from '../../domain/account.ts';
import { type AcmeOrder, standingOf } from '../../domain/acme-order.ts';
import { type Authorization, asSeenBy } from '../../domain/authorization.ts';
import type { Caller } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import type { ExternalAccountKey } from '../../domain/external-account-key.ts';
import { isId, type ProductId } from '../../domain/ids.ts';
import type { RequestedValidity } from '../../domain/issuance.ts';
import { isSold } from '../../domain/may-be-issued.ts';
import type { AcmeOrderView } from '../../domain/ports/acme-orders.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { type Coverage, coverageEnd, type Product } from '../../domain/product.ts';
import type { Profile } from '../../domain/profile.ts';
import type { AppContext } from '../context.ts';
import type { ProductChoice } from './catalogue.ts';
import { dayMs } from './coverage.ts';
import { shownTo } from './order-view.ts';
import type { OrderRequest } from './place-order.ts';

/** @throws {CertError} notFound, the same for another account's as for none */
export async function findAcmeOrder(stores: Stores, caller: Caller, id: string): Promise<AcmeOrder> {
  const found = isId('acmeOrder', id) ? await stores.acmeOrders.get(id) : undefined;
  if (found !== undefined && found.credentialId === caller.credentialId) return found;
  throw refuse('notFound', { what: 'acmeOrder', value: quoted(id) });
}

/** @param known the authorizations of its names, where they have just been read or made */
export async function viewAcmeOrder(
  context: AppContext,
  caller: Caller,
  acmeOrder: AcmeOrder,
  known?: readonly Authorization[],
): Promise<AcmeOrderView> {
  const { read } = context.database;
  const placed = await placedAs(read, acmeOrder);
  // Its status is that of its issuance from now on.
  const found = placed === null ? (known ?? (await authorizationsOf(read, acmeOrder))) : [];
  const authorizations = found.map((one) => shownTo(caller, asSeenBy(acmeOrder.credentialId, one)));
  const now = context.clock.now();
  const product = await read.products.get(acmeOrder.productId);
  if (product === undefined) throw refuse('internal', {}, { cause: new Error(`${acmeOrder.id} is of no product`) });
  return { acmeOrder, product, standing: standingOf(acmeOrder, authorizations, now), authorizations, placed, now };
}

async function placedAs(read: Stores, { issuanceId }: AcmeOrder): Promise<AcmeOrderView['placed']> {
  const issuance = issuanceId === null ? undefined : await read.issuances.get(issuanceId);
  if (issuance === undefined) return null;
  const { certificateId } = issuance;
  const certificate = certificateId === null ? undefined : await read.certificates.get(certificateId);
  return { issuance, certificate: certificate ?? null };
}

async function authorizationsOf(read: Stores, { names }: AcmeOrder): Promise<readonly Authorization[]> {
  const ids = [...new Set(names.map(({ authorizationId }) => authorizationId))];
  const found = new Map((await read.authorizations.listByIds(ids)).map((one) => [one.id, one]));
  return names.flatMap(({ authorizationId }) => found.get(authorizationId) ?? []);
}

/** The credential of the caller: an ACME account. */
export function credentialIdOf({ credentialId }: Caller): Credential['id'] {
  if (credentialId === null) throw refuse('roleMissing', { role: ['requester'] });
  return credentialId;
}

/**
 * The external account key that bound the caller's ACME account; null: none did. One that was revoked orders nothing any more, nor does
 * an account that was deactivated.
 * @throws {CertError} forbidden
 */
export async function bindingKeyOf(stores: Stores, caller: Caller): Promise<ExternalAccountKey | null> {
  const credential = await stores.credentials.get(credentialIdOf(caller));
  if (credential?.revokedAt != null) throw refuse('keyDeactivated', {});
  if (credential?.externalAccountKeyId == null) return null;
  const key = await stores.externalAccountKeys.get(credential.externalAccountKeyId);
  if (key !== undefined && key.revokedAt === null) return key;
  throw refuse('bindingKeyRevoked', { keyId: key?.keyId ?? credential.externalAccountKeyId });
}

/** @throws {CertError} acmeProductNotSold: its client named no product, but a profile or a key */
export async function soldProduct(stores: Stores, account: Account, id: ProductId): Promise<Product> {
  const product = await stores.products.get(id);
  if (product !== undefined && isSold(product, account)) return product;
  throw refuse('acmeProductNotSold', { product: product?.name ?? id });
}

/** The last moment of a certificate that is issued now. */
function latestEnd({ profile, coverage, now }: { profile: Profile; coverage: Coverage; now: Date }): Date {
  const { maxValidityDays, backdateSeconds } = profile;
  const longestMs = now.getTime() - backdateSeconds * 1000 + maxValidityDays * dayMs;
  return new Date(Math.min(longestMs, coverageEnd(now, coverage).getTime()) - 1000);
}

/**
 * RFC 8555 §7.4: what cannot be granted is refused, not changed.
 * @throws {CertError} validityTooLong
 */
export function requireGranted(
  validity: RequestedValidity | null,
  terms: { readonly profile: Profile; readonly coverage: Coverage; readonly now: Date },
): void {
  if (validity === null || !('until' in validity)) return;
  const latest = latestEnd(terms);
  if (validity.until <= latest) return;
  throw refuse('validityTooLong', { until: validity.until.toISOString(), latest: latest.toISOString() });
}

/** How long an order is covered: the key says it of its own product. */
export function coverageOf(key: ExternalAccountKey | null, { id, coverage }: Product): Coverage {
  return key?.productId === id ? key.coverage : coverage;
}

/** The order that an ACME order is placed as. */
export function orderRequestOf(
  choice: ProductChoice,
  terms: Pick<OrderRequest, 'names' | 'validity' | 'csr' | 'proofReference' | 'dialectData'> & {
    readonly key: ExternalAccountKey | null;
    readonly periods: number;
  },
): OrderRequest {
  const { key, ...request } = terms;
  const policy = key?.policy ?? null;
  return {
    ...choice,
    ...request,
    policy,
    ...(policy?.issuerId == null ? {} : { issuerId: policy.issuerId }),
    preferredMethod: 'httpFile',
    isCheckedOnRequest: true,
    renewalOf: null,
    organization: key?.organizationId == null ? null : { id: key.organizationId },
    contact: null,
    idempotency: null,
  };
}

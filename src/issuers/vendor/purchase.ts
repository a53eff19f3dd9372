/** What a vendor is asked for, in its own terms: products, organization, contact and container as the configuration maps them. */
import { type Reason, reason } from '../../domain/errors.ts';
import type { UpstreamRequest } from '../../domain/ports/issuer.ts';
import type { Purchase, PurchaseContact, PurchaseOrganization } from '../../domain/ports/upstream.ts';
import type { VendorOrder } from '../../domain/vendor-order.ts';
import type { BoughtProduct, VendorIssuerContext, VendorMapping } from './context.ts';

export function productFor({ products, otherProducts }: VendorMapping, code: string): BoughtProduct | undefined {
  return products.get(code) ?? otherProducts ?? undefined;
}

/** The purchase; or what the configuration lacks for it. Once it was sent, it is what was sent, whatever the configuration says by now. */
export function purchaseOf(
  { id: issuer, mode, mapping, upstream }: VendorIssuerContext,
  request: UpstreamRequest,
  row: VendorOrder,
): Purchase | { readonly lacking: Reason } {
  const { issuanceId, csr, names, choices, ordered } = request;
  const product = productFor(mapping, ordered.productCode);
  const [first, ...others] = names;
  if (first === undefined) throw new Error(`issuance ${issuanceId} has no names`);
  const isSent = row.step !== 'waiting';
  const isPart = row.kind === 'reissue' || row.kind === 'duplicate';
  const code = isSent || isPart ? row.product : product?.code;
  if (code === undefined) return { lacking: reason('vendorLacksProduct', { issuer, product: ordered.productCode }) };
  const organization = organizationOf(mapping, request);
  if (!isSent && organization !== null && organization.id === null && mode === 'standing') {
    const number = String(ordered.organizationNumber ?? organization.details.name);
    return { lacking: reason('vendorLacksOrganization', { issuer, organization: number }) };
  }
  return {
    kind: row.kind,
    of: row.of,
    clientReference: issuanceId,
    product: code,
    coverage: product?.coverage ?? ordered.coverage,
    names: [first, ...others],
    choices: mode === 'relay' ? choices : [],
    csr: upstream.manners.takesCsr ? csr : null,
    keyType: ordered.keyType,
    organization,
    contact: contactOf(mapping.contact, ordered),
    container: mapping.container,
  };
}

export function organizationOf(
  { organizations }: VendorMapping,
  { organization: details, ordered: { organizationNumber } }: UpstreamRequest,
): PurchaseOrganization | null {
  if (details === null) return null;
  const id = organizationNumber === null ? undefined : organizations.get(organizationNumber);
  return { id: id ?? null, details };
}

/** Fields of the order's own person count before those of the configuration. */
function contactOf(usual: PurchaseContact, { contact }: UpstreamRequest['ordered']): PurchaseContact {
  const own = Object.entries(contact ?? {}).filter(([, value]) => value !== undefined && value !== '');
  return { ...usual, ...Object.fromEntries(own) };
}

/** Whether a vendor has validated everything that it needs for an order already, in mode `standing`. */
import { reason } from '../../domain/errors.ts';
import type { UpstreamRequest, UpstreamWait } from '../../domain/ports/issuer.ts';
import { UpstreamFailure } from '../../domain/upstream-failure.ts';
import type { VendorIssuerContext } from './context.ts';
import { organizationOf, productFor } from './purchase.ts';

/** Nothing is bought. What is missing is the operator's to have validated there. */
export async function missingStanding(
  { id: issuer, upstream, mapping }: VendorIssuerContext,
  request: UpstreamRequest,
  signal: AbortSignal,
): Promise<UpstreamWait | undefined> {
  if (upstream.standing === undefined) return undefined;
  const organization = organizationOf(mapping, request);
  const { container } = mapping;
  const product = productFor(mapping, request.ordered.productCode);
  // What is to be bought is asked for before anything is.
  if (product === undefined) return undefined;
  try {
    const question = { product: product.code, names: request.names, organization, container };
    const { missing } = await upstream.standing(question, signal);
    const [first] = missing;
    return first && { turn: 'operator', reason: reason('vendorNotStanding', { issuer, ...first }) };
  } catch (thrown) {
    if (!(thrown instanceof UpstreamFailure)) throw thrown;
    const { kind, message: words } = thrown;
    const isOurs = kind === 'credentials';
    // Of one that does not answer nothing is known; its exchanges say the rest.
    const why = isOurs ? reason('vendorRefusesUs', { issuer, words }) : reason('issuerUnavailable', { issuer });
    return { turn: 'operator', reason: why };
  }
}

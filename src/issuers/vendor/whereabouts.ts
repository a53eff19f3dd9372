/**
 * Where an order was placed: the vendor, its address, and our account there. An issuer may be configured otherwise since. Its vendor of today
 * knows nothing of the order then, or knows a stranger's by the same number: nothing is asked there, and nothing is sent again.
 */
import { type Reason, reason } from '../../domain/errors.ts';
import type { VendorOrder } from '../../domain/vendor-order.ts';
import type { VendorIssuerContext } from './context.ts';

/** Where the issuer is by its configuration of today. */
export type Here = Pick<VendorIssuerContext, 'id' | 'terms' | 'dialect' | 'baseUrl' | 'formerUrls'>;
type Placed = Pick<VendorOrder, 'account' | 'vendor' | 'baseUrl'>;

/** What the row of an order that is placed now says. */
export function addressOf({ dialect, baseUrl }: Here): Pick<VendorOrder, 'vendor' | 'baseUrl'> {
  return { vendor: dialect, baseUrl };
}

/** False also where it is not known: the row is of the time before addresses were kept. */
export function isHere({ terms, dialect, baseUrl, formerUrls }: Here, row: Placed): boolean {
  if (row.account !== terms.account || row.vendor !== dialect || row.baseUrl === null) return false;
  return row.baseUrl === baseUrl || formerUrls.includes(row.baseUrl);
}

/** False where it is not known. */
export function isElsewhere(here: Here, row: Placed): boolean {
  return row.account !== here.terms.account || (row.vendor !== null && !isHere(here, row));
}

/** What the operator is told of an order that cannot be asked for here. Undefined also where there is nothing to ask for. */
export function objectionToAsking(here: Here, row: VendorOrder): Reason | undefined {
  return row.step === 'waiting' || row.step === 'over' ? undefined : objectionToAddress(here, row);
}

/** The same, whatever became of the order. */
export function objectionToAddress(here: Here, row: VendorOrder): Reason | undefined {
  const { id: issuer, terms, dialect, baseUrl } = here;
  const { account, vendor, issuanceId: issuance, reference } = row;
  if (account !== terms.account) return reason('vendorAccountChanged', { issuer, account });
  if (isHere(here, row)) return undefined;
  const to = `${dialect} ${baseUrl}`;
  if (vendor === null) {
    return reason('vendorAddressUnknown', { issuer, to, issuance, order: reference?.order ?? null });
  }
  return reason('vendorAddressChanged', { issuer, to, from: `${vendor} ${row.baseUrl ?? ''}`, url: row.baseUrl ?? '' });
}

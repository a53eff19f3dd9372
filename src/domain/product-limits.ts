/** Which names a vendor's product takes, as its list says: what the vendor would refuse is refused before anybody pays for it. */
import { type Reason, reason } from './errors.ts';
import { type Identifier, isIp } from './identifier.ts';

export interface ProductLimits {
  /** False: it is for wildcards, and takes other names only beside one. */
  readonly takesPlainNames: boolean;
  readonly takesWildcards: boolean;
  readonly takesAddresses: boolean;
  /** Null: its list does not say. */
  readonly mostNames: number | null;
}

/** A line of the list. `limits` is absent where it says nothing of them. */
export interface LimitedProduct {
  /** The vendor's. */
  readonly code: string;
  readonly limits?: ProductLimits;
}

/** The first limit that the names of an order exceed. @param product with its issuer, for people: `racent positivessl` */
export function objectionToLimits(
  { takesPlainNames, takesWildcards, takesAddresses, mostNames }: ProductLimits,
  names: readonly Identifier[],
  product: string,
): Reason | undefined {
  const issuer = product;
  const [first] = names;
  const wildcard = names.find(({ kind }) => kind === 'wildcard');
  if (wildcard !== undefined && !takesWildcards) return reason('caTakesNoWildcard', { issuer, name: wildcard.value });
  const address = names.find(isIp);
  if (address !== undefined && !takesAddresses) return reason('caTakesNoAddress', { issuer, name: address.value });
  if (!takesPlainNames && wildcard === undefined && first !== undefined) {
    return reason('vendorTakesWildcardsOnly', { issuer, name: first.value });
  }
  if (mostNames === null || names.length <= mostNames) return undefined;
  return reason('vendorTakesFewerNames', { issuer, most: mostNames, count: names.length });
}

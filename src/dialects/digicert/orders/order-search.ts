/** The filters and sort keys of order lists, as the core searches. */
import { quoted, refuse } from '../../../domain/errors.ts';
import type { OrderStanding } from '../../../domain/order.ts';
import type { OrderSearch } from '../../../domain/ports/orders.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { standingsOfStatus } from '../status.ts';
import {
  type Filters,
  flagOf,
  lastOf,
  numberOf,
  numbersOf,
  rangeOf,
  searchOf,
  sortOf,
  valuesOf,
} from '../wire/filters.ts';
import { offsetQueryOf } from '../wire/paging.ts';
import type { ListRequest } from '../wire/shapes.ts';
import { fullSerial } from './read-order.ts';

const sortKeys = {
  order_id: 'number',
  id: 'number',
  date_created: 'createdAt',
  common_name: 'commonName',
  product_name: 'productName',
  valid_till: 'certificateUntil',
  // The length of an order and its end sort almost alike: both say which ends first.
  validity_years: 'coverageUntil',
  order_valid_till: 'coverageUntil',
} as const;

/** @throws {CertError} invalidField */
export function orderSearchOf({ filters, sort, ...input }: ListRequest): OrderSearch {
  const created = rangeOf(filters, 'date_created');
  const expires = rangeOf(filters, 'valid_till');
  const sorted = sortOf(sort, sortKeys);
  return {
    ...offsetQueryOf(input),
    ...withDefined({
      standings: standingsOf(filters),
      productCodes: valuesOf(filters, 'product_name_id'),
      numbers: numbersOf(filters, 'id') ?? numbersOf(filters, 'order_id'),
      commonName: nameOf(filters, 'common_name'),
      name: nameOf(filters, 'domain_name'),
      text: searchOf(filters),
      serial: serialOf(filters),
      certificateNumber: numberOf(filters, 'certificate_id'),
      organizationNumber: numberOf(filters, 'organization_id'),
      containerNumber: numberOf(filters, 'container_id') ?? input.container_id,
      alternativeReference: lastOf(filters, 'alternative_order_id'),
      customFieldNumber: numberOf(filters, 'metadata_id'),
      isRenewed: flagOf(filters, 'is_renewed'),
      createdFrom: created?.from,
      createdUntil: created?.until,
      expiresFrom: expires?.from,
      expiresUntil: expires?.until,
    }),
    ...(sorted.length === 0 ? {} : { sort: sorted }),
  };
}

/** @throws {CertError} invalidField for a word that is no status */
function standingsOf(filters: Filters): readonly OrderStanding[] | undefined {
  return valuesOf(filters, 'status')?.flatMap((text) => {
    const status = text.trim().toLowerCase();
    const standings = Object.hasOwn(standingsOfStatus, status) ? standingsOfStatus[status] : undefined;
    if (standings !== undefined) return standings;
    const expected = Object.keys(standingsOfStatus).join(', ');
    throw refuse('fieldInvalid', { field: 'filters[status]', value: quoted(text), expected });
  });
}

/** Names are kept in lower case. */
function nameOf(filters: Filters, property: string): string | undefined {
  return lastOf(filters, property)?.replace(/^%/, '').trim().toLowerCase();
}

function serialOf(filters: Filters): string | undefined {
  const text = lastOf(filters, 'serial_number');
  return text === undefined ? undefined : fullSerial(text.replaceAll(':', '').trim());
}

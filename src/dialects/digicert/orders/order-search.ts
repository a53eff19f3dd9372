/** The filters and sort keys of order lists, as the core searches. */
import { quoted, refuse } from '../../../domain/errors.ts';
import type { OrderStanding } from '../../../domain/order.ts';
import type { OrderSearch } from '../../../domain/ports/orders.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { standingsInOrder, standingsOfStatus } from '../status.ts';
import {
  containersOf,
  type Filters,
  flagOf,
  idsOf,
  onlyValueOf,
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
  status: 'standing',
  product_name: 'productName',
  valid_till: 'certificateUntil',
  validity_years: 'coverageYears',
  order_valid_till: 'coverageUntil',
} as const;

/** Each is a search of its own, of people and organizations too. */
const mostEmails = 5;

/** The only type of product here, and the only origin of orders: those of others are none. */
const everyOrder = { product_type: 'ssl_certificate', origin: 'certcentral' } as const;

/** @throws {CertError} invalidField */
export function orderSearchOf({ filters, sort, ...input }: ListRequest): OrderSearch {
  const created = rangeOf(filters, 'date_created');
  const expires = rangeOf(filters, 'valid_till');
  const sorted = sortOf(sort, sortKeys).map(({ by, descending }) =>
    by === 'standing' ? { by, descending, order: standingsInOrder } : { by, descending },
  );
  const text = searchOf(filters);
  return {
    ...offsetQueryOf(input),
    ...withDefined({
      standings: standingsOf(filters),
      productCodes: valuesOf(filters, 'product_name_id'),
      numbers: isOfNone(filters) ? [] : (idsOf(filters, 'id') ?? idsOf(filters, 'order_id')),
      commonNames: namesOf(filters, 'common_name'),
      names: namesOf(filters, 'domain_name'),
      text: text && { ...text, inEmails: true },
      serials: serialsOf(filters),
      issuanceNumbers: idsOf(filters, 'certificate_id'),
      organizationNumbers: idsOf(filters, 'organization_id'),
      containerNumbers: containersOf(filters, input.container_id),
      alternativeReference: onlyValueOf(filters, 'alternative_order_id'),
      customFieldNumbers: idsOf(filters, 'metadata_id'),
      userNumbers: idsOf(filters, 'user_id'),
      emails: valuesOf(filters, 'email', mostEmails)?.map((email) => email.trim()),
      isRenewal: flagOf(filters, 'is_renewal'),
      isRenewed: flagOf(filters, 'is_renewed'),
      hasRemindersOff: flagOf(filters, 'disable_renewal_notifications'),
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

function isOfNone(filters: Filters): boolean {
  return Object.entries(everyOrder).some(([property, word]) => valuesOf(filters, property)?.includes(word) === false);
}

/** Names are kept in lower case. */
function namesOf(filters: Filters, property: string): readonly string[] | undefined {
  return valuesOf(filters, property)?.map((text) => text.replace(/^%/, '').trim().toLowerCase());
}

function serialsOf(filters: Filters): readonly string[] | undefined {
  return valuesOf(filters, 'serial_number')?.map((text) => fullSerial(text.replaceAll(':', '').trim()));
}

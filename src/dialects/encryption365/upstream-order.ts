/** What is bought, as the vendor's clients send it. */
import { methodOfChoice, type NameChoice } from '../../domain/challenge.ts';
import type { Purchase } from '../../domain/ports/upstream.ts';
import { UpstreamFailure } from '../../domain/upstream-failure.ts';
import type { VendorReference } from '../../domain/vendor-order.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { encodePem } from '../../pki/pem.ts';
import type { NewOrder } from './client.ts';

/** @throws {UpstreamFailure} refused, not sent: what this vendor cannot be asked for */
export function orderToVendor(purchase: Purchase): Pick<NewOrder, 'csrPem' | 'names' | 'organization'> {
  const { csr, names, organization, kind } = purchase;
  if (csr === null) throw neverSent('the vendor needs a CSR');
  if (kind === 'duplicate') throw neverSent('the vendor has no duplicates of an order');
  if (names.some((name) => name.kind === 'ipv6')) throw neverSent('the vendor certifies no IPv6 addresses');
  return {
    csrPem: encodePem('CERTIFICATE REQUEST', csr),
    names: names.map(({ value }) => value),
    ...(organization === null ? {} : { organization: organizationToVendor(purchase) }),
  };
}

/** Flat, as the organization form of the Baota plugin has it. */
function organizationToVendor({ organization, contact }: Purchase): Readonly<Record<string, string>> {
  const { details } = organization ?? {};
  return withDefined({
    organization_name: details?.name,
    organizationalUnitName: details?.unit,
    registered_address_line1: details?.street,
    registered_no: details?.registrationNumber,
    country: details?.country,
    state: details?.state,
    city: details?.city,
    postal_code: details?.postalCode,
    organization_phone: details?.phone,
    date_of_incorporation: details?.incorporatedOn,
    contact_name: contact.name,
    contact_title: contact.title,
    contact_phone: contact.phone,
    contact_email: contact.email,
  });
}

/** `trustocean_id`. @throws {UpstreamFailure} absent: it is none of this vendor's */
export function numberOf(reference: VendorReference | null): number {
  const text = reference?.order ?? '';
  if (!/^\d{1,15}$/.test(text)) {
    throw new UpstreamFailure('absent', `"${text}" is no order number of this vendor`, { isSent: false });
  }
  return Number(text);
}

/** `method` of `/cert/change_dcv`. @throws {UpstreamFailure} refused, not sent */
export function methodToVendor({ choice }: NameChoice): string {
  if (typeof choice !== 'string') return choice.address;
  if (choice === 'httpFile') return 'http';
  if (choice === 'httpsFile') return 'https';
  if (choice === 'dnsCname') return 'dns';
  if (choice === 'email') throw neverSent('the vendor writes to one address: it must be chosen');
  throw neverSent(`the vendor does not check by ${methodOfChoice(choice)}`);
}

function neverSent(words: string): UpstreamFailure {
  return new UpstreamFailure('refused', words, { isSent: false });
}

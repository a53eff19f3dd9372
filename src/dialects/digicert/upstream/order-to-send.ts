/** A purchase in the vendor's fields (contract 2.1). */
import { methodOfChoice } from '../../../domain/challenge.ts';
import { baseName } from '../../../domain/identifier.ts';
import { constructedAddresses } from '../../../domain/mailbox.ts';
import type { PublicSuffixes } from '../../../domain/ports/system.ts';
import type { Purchase, PurchaseContact, PurchaseOrganization } from '../../../domain/ports/upstream.ts';
import type { Coverage } from '../../../domain/product.ts';
import { UpstreamFailure } from '../../../domain/upstream-failure.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { encodePem } from '../../../pki/pem.ts';
import { type DcvMethod, dcvMethodOf } from '../proofs.ts';

type Fields = Readonly<Record<string, unknown>>;

export function orderToSend(purchase: Purchase, publicSuffixes: PublicSuffixes): Fields {
  const { kind, of, coverage, organization, container, clientReference, contact } = purchase;
  return {
    ...attemptToSend(purchase, publicSuffixes),
    order_validity: validityOf(coverage),
    ...(organization === null
      ? { technical_contact: personOf(contact) }
      : { organization: organizationToSend(organization, contact) }),
    ...withDefined({
      container: container === null ? undefined : { id: numberOf(container, 'container') },
      renewal_of_order_id: kind === 'renewal' && of !== null ? numberOf(of.order, 'order') : undefined,
    }),
    alternative_order_id: clientReference,
  };
}

/** A reissue or a duplicate: it belongs to its order, and has no reference of its own. */
export function attemptToSend(purchase: Purchase, publicSuffixes: PublicSuffixes): Fields {
  const { names, csr } = purchase;
  const [commonName = '', ...others] = names.map(({ value }) => value);
  const method = dcvMethodFor(purchase);
  return {
    certificate: {
      common_name: commonName,
      dns_names: others,
      ...withDefined({ csr: csr === null ? undefined : encodePem('CERTIFICATE REQUEST', csr) }),
      signature_hash: 'sha256',
      // Any other server.
      server_platform: { id: -1 },
    },
    // We have our own approvals, and have this one's.
    skip_approval: true,
    ...withDefined({
      dcv_method: method,
      dcv_emails: method === 'email' ? mailsOf(purchase, publicSuffixes) : undefined,
    }),
  };
}

/** An order has one method for all its names: that of the first. Undefined where the vendor does not check them for us. */
export function dcvMethodFor({ choices }: Purchase): DcvMethod | undefined {
  const [first] = choices;
  return first === undefined ? undefined : dcvMethodOf(methodOfChoice(first.choice), undefined);
}

function mailsOf({ choices }: Purchase, publicSuffixes: PublicSuffixes) {
  return choices.flatMap(({ name, choice }) => {
    const email = typeof choice === 'string' ? constructedAddresses(name, publicSuffixes)[0] : choice.address;
    if (email === undefined) return [];
    return [{ dns_name: name.value, email_domain: email.slice(email.indexOf('@') + 1) || baseName(name), email }];
  });
}

function validityOf({ unit, count }: Coverage): Fields {
  if (unit === 'days') return { days: count };
  const months = unit === 'years' ? count * 12 : count;
  return months % 12 === 0 ? { years: months / 12 } : { days: Math.round((months * 365) / 12) };
}

/** One that it has, or one that it is to verify first. */
function organizationToSend({ id, details }: PurchaseOrganization, contact: PurchaseContact): Fields {
  if (id !== null) return { id: numberOf(id, 'organization') };
  return withDefined({
    name: details.name,
    assumed_name: details.assumedName,
    address: details.street,
    address2: details.street2,
    city: details.city,
    state: details.state,
    zip: details.postalCode,
    country: details.country.toLowerCase(),
    telephone: details.phone ?? contact.phone,
    contacts: [{ contact_type: 'organization_contact', ...personOf(contact) }],
  });
}

function personOf({ name = '', title, phone, email }: PurchaseContact): Fields {
  const words = name.trim().split(/\s+/);
  return withDefined({
    first_name: words.slice(0, -1).join(' ') || undefined,
    last_name: words.at(-1) || undefined,
    job_title: title,
    telephone: phone,
    email,
  });
}

/** They fit into 32 bits (contract 1). */
export function isNumber(id: string): boolean {
  return /^[1-9]\d{0,9}$/.test(id);
}

/** Its ids are numbers in JSON (contract 1). */
export function numberOf(id: string, what: string): number {
  if (isNumber(id)) return Number(id);
  throw new UpstreamFailure('refused', `the id of the ${what} is no number: "${id}"`, { isSent: false });
}

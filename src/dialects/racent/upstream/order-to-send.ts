/** A purchase in the vendor's fields. `params` is JSON as text, as its document and all but one client send it (contract 2.1). */
import type { NameChoice } from '../../../domain/challenge.ts';
import type { Identifier } from '../../../domain/identifier.ts';
import { constructedAddresses } from '../../../domain/mailbox.ts';
import type { OrganizationDetails } from '../../../domain/organization.ts';
import type { PublicSuffixes } from '../../../domain/ports/system.ts';
import type { Purchase, PurchaseContact } from '../../../domain/ports/upstream.ts';
import { yearsOf } from '../../../domain/product.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { encodePem } from '../../../pki/pem.ts';
import { methodNames } from '../proofs.ts';
import { anyServer } from '../schema.ts';

type Fields = Readonly<Record<string, unknown>>;

export function orderToSend(purchase: Purchase, publicSuffixes: PublicSuffixes): Fields {
  return {
    productCode: purchase.product,
    years: yearsOf(purchase.coverage),
    refId: purchase.clientReference,
    params: JSON.stringify(paramsOf(purchase, publicSuffixes)),
  };
}

export function renewalToSend(purchase: Purchase, renewId: string, publicSuffixes: PublicSuffixes): Fields {
  return {
    renewId,
    years: yearsOf(purchase.coverage),
    refId: purchase.clientReference,
    params: JSON.stringify(paramsOf(purchase, publicSuffixes)),
  };
}

export function replacementToSend(purchase: Purchase, certId: string, publicSuffixes: PublicSuffixes): Fields {
  const { csr, domainInfo } = paramsOf(purchase, publicSuffixes);
  return { certId, refId: purchase.clientReference, params: JSON.stringify({ ...withDefined({ csr }), domainInfo }) };
}

function paramsOf(purchase: Purchase, publicSuffixes: PublicSuffixes) {
  const { csr, names, choices, organization, contact } = purchase;
  const person = personOf(contact, organization?.details);
  return {
    server: anyServer,
    ...withDefined({ csr: csr === null ? undefined : encodePem('CERTIFICATE REQUEST', csr) }),
    domainInfo: names.map((name) => domainToSend(choiceFor(choices, name), publicSuffixes)),
    Administrator: person,
    // For OV and EV the live service wants all three, and the six fields of the organization (contract 2.3).
    ...(organization === null
      ? {}
      : { organizationInfo: organizationOf(organization.details, contact), tech: person, finance: person }),
  };
}

/** A CNAME record where nobody has chosen. */
export function choiceFor(choices: readonly NameChoice[], name: Identifier): NameChoice {
  return choices.find((one) => one.name.value === name.value) ?? { name, choice: 'dnsCname' };
}

/** The fields of one name. A mail without an address goes to the first that it may go to. */
export function domainToSend({ name, choice }: NameChoice, publicSuffixes: PublicSuffixes) {
  const method = typeof choice === 'string' ? choice : choice.method;
  const [usual = ''] = method === 'email' ? constructedAddresses(name, publicSuffixes) : [];
  const dcvEmail = typeof choice === 'string' ? usual : choice.address;
  return { domainName: name.value, dcvMethod: methodNames[method], dcvEmail };
}

/** The document writes `organization`, the live service heeds `organation` only (contract 2.3). */
function personOf(contact: PurchaseContact, details: OrganizationDetails | undefined) {
  const [firstName, lastName] = namesOf(contact.name);
  const company = contact.organization ?? details?.name;
  return withDefined({
    firstName,
    lastName,
    email: contact.email,
    mobile: contact.phone ?? details?.phone,
    job: contact.title,
    organization: company,
    organation: company,
    address: contact.address ?? details?.street,
    city: contact.city ?? details?.city,
    state: contact.state ?? details?.state,
    country: contact.country ?? details?.country,
    postCode: contact.postalCode ?? details?.postalCode,
  });
}

/** A name without a blank, as Chinese ones are, is a last name. */
function namesOf(name = ''): readonly [first: string | undefined, last: string | undefined] {
  const words = name.trim().split(/\s+/);
  const last = words.at(-1) || undefined;
  return [words.slice(0, -1).join(' ') || undefined, last];
}

function organizationOf(details: OrganizationDetails, contact: PurchaseContact) {
  return withDefined({
    organizationName: details.name,
    organizationAddress: details.street ?? contact.address,
    organizationCity: details.city,
    organizationState: details.state,
    organizationCountry: details.country,
    organizationPostCode: details.postalCode ?? contact.postalCode,
    organizationMobile: details.phone ?? contact.phone,
    organizationRegNumber: details.registrationNumber,
  });
}

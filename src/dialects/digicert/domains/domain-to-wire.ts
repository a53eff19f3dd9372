/** Domains and their proofs as replies show them. */
import type { Identifier } from '../../../domain/identifier.ts';
import { constructedAddresses } from '../../../domain/mailbox.ts';
import { isNewestProved, type ManagedDomainView } from '../../../domain/managed-domain.ts';
import { isVerified, type Organization } from '../../../domain/organization.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { type Containers, containerRefToWire, displayName } from '../containers/container-to-wire.ts';
import { isLevel, validationTypes } from '../organizations/validation-types.ts';
import { type DcvMethod, dcvMethodOf, fileUrlOf, randomValueOf, randomValueUntil } from '../proofs.ts';
import type { Services } from '../services.ts';
import { personToWire } from '../users/people.ts';
import { day, timestamp } from '../wire/wire-time.ts';
import type {
  WireDcvToken,
  WireDomain,
  WireDomainValidation,
  WireValidationDetails,
  WireValidationEmails,
} from './schema.ts';

export interface DomainContext {
  readonly containers: Containers;
  readonly withProof: boolean;
  readonly withValidations: boolean;
  readonly services: Pick<Services, 'publicSuffixes' | 'config'>;
}

export function domainToWire(view: ManagedDomainView, context: DomainContext): WireDomain {
  const { domain, organization, proof: proved } = view;
  const isProved = proved !== null;
  const { provedAt = null, validUntil = null } = proved ?? {};
  const container = containerRefToWire(context.containers, domain.containerId);
  const { withProof, withValidations, services } = context;
  const proof: WireProof = withProof ? proofToWire(view, methodOf(view), services) : {};
  return {
    id: domain.number,
    is_active: domain.state === 'active',
    status: isProved ? 'approved' : 'pending',
    is_pending_validation: !isProved,
    name: domain.name.value,
    date_created: timestamp(domain.createdAt),
    ...(isProved && provedAt !== null ? { dcv_approval_datetime: timestamp(provedAt) } : {}),
    ...(isProved && validUntil !== null ? { dcv_expiration_datetime: timestamp(validUntil) } : {}),
    ...(organization === null ? {} : { organization: organizationToWire(organization) }),
    ...(withValidations ? { validations: validationsToWire(view) } : {}),
    dcv_method: methodOf(view),
    ...withDefined({ dcv_token: proof.dcv_token }),
    ...(isProved && validUntil !== null ? { dcv_expiration: { ov: day(validUntil), ev: day(validUntil) } } : {}),
    ...withDefined({ container }),
    base_domain: services.publicSuffixes.registrableDomain(domain.name.value) ?? domain.name.value,
  };
}

/** By which the domain was proved, or is to be proved next. */
export function methodOf({ domain, authorization }: ManagedDomainView): DcvMethod {
  return dcvMethodOf(authorization.provedBy ?? authorization.preferredMethod, domain.proofReference);
}

/** One of the two, as the method has it. */
export interface WireProof {
  readonly dcv_token?: WireDcvToken;
  readonly validation_emails?: WireValidationEmails;
}

/** The challenge for the customer to place, or the recipients of the mail. */
export function proofToWire(
  view: ManagedDomainView,
  method: DcvMethod,
  services: Pick<Services, 'publicSuffixes' | 'config'>,
): WireProof {
  const { domain, now } = view;
  if (method === 'email') return { validation_emails: emailsToWire(domain.name, services) };
  const until = randomValueUntil(domain.proofReference);
  const statusWhilePending = until > now ? 'pending' : 'expired';
  return {
    dcv_token: {
      token: randomValueOf(domain.proofReference, method),
      status: isNewestProved(view) ? 'active' : statusWhilePending,
      expiration_date: timestamp(until),
      ...placeOfProof(domain.proofReference, method, domain.name, services),
    },
  };
}

/** Place of the random value, for the methods whose place it does not contain. */
export function placeOfProof(
  reference: string,
  method: DcvMethod,
  name: Identifier,
  { config }: Pick<Services, 'config'>,
): { readonly verification_value?: string; readonly http_token_url?: string } {
  if (method === 'dns-cname-token') return { verification_value: config.cnameTarget };
  if (method === 'http-token' || method === 'http-token-dynamic') {
    return { http_token_url: fileUrlOf(reference, method, name) };
  }
  return {};
}

export function emailsToWire(
  name: Identifier,
  { publicSuffixes }: Pick<Services, 'publicSuffixes'>,
): WireValidationEmails {
  return { name_scope: name.value, base_emails: [...constructedAddresses(name, publicSuffixes)] };
}

function organizationToWire({ number, state, details }: Organization) {
  return {
    id: number,
    status: state,
    name: details.name,
    ...withDefined({ assumed_name: details.assumedName }),
    display_name: displayName(details),
    is_active: state === 'active' ? '1' : '0',
  };
}

/** One for each requested type: it takes the domain's authorization and the organization's verification. */
export function validationsToWire({ domain, proof, organization, now }: ManagedDomainView): WireDomainValidation[] {
  const isProved = proof !== null;
  return domain.requestedLevels.filter(isLevel).map((level) => {
    const isComplete = isProved && organization !== null && isVerified(organization, level, now);
    const ofOrganization = organization?.validations.find((validation) => validation.level === level)?.validUntil;
    const ends = [proof?.validUntil, ofOrganization].flatMap((end) => (end ? [end.getTime()] : []));
    return {
      type: level,
      ...validationTypes[level],
      ...(isComplete && proof.provedAt !== null ? { date_created: timestamp(proof.provedAt) } : {}),
      ...(isComplete && ends.length > 0 ? { validated_until: timestamp(new Date(Math.min(...ends))) } : {}),
      status: isComplete ? 'active' : 'pending',
      dcv_status: isProved ? 'complete' : 'pending',
    };
  });
}

/** The same in full: how far the organization is, and who was verified in it. */
export function validationDetailsToWire(view: ManagedDomainView): WireValidationDetails[] {
  const { organization, now } = view;
  const verified = (organization?.contacts ?? []).filter(({ role }) => role === 'verified').map(personToWire);
  return validationsToWire(view).map((validation) => {
    const { type } = validation;
    const isOfVerified = organization !== null && isLevel(type) && isVerified(organization, type, now);
    return {
      ...validation,
      org_status: isOfVerified ? 'complete' : 'pending',
      ...(verified.length === 0 ? {} : { verified_users: verified }),
    };
  });
}

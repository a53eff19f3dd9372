/**
 * The organizations of an account: the subject of an OV or EV certificate, and whether the operator has verified
 * that it is true. An OV or EV order waits until its organization is verified for that level (BR §3.2.2.1).
 */
import type { Person } from './account.ts';
import type { AccountId, ContainerId, CredentialId, OrganizationId, UserId } from './ids.ts';
import type { ValidationLevel } from './profile.ts';
import { noRegistration, type Registration, type RegistrationFindings, withRegistration } from './registration.ts';
import { type Transitions, transition } from './states.ts';

/** Attributes as X.520 needs them. What they say of its registration is a proposal to whoever verifies it for EV. */
export interface OrganizationDetails extends RegistrationFindings {
  readonly name: string;
  readonly unit?: string;
  readonly street?: string;
  readonly city: string;
  readonly state: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly postalCode?: string;
  readonly phone?: string;
  /** The name it trades under. Not in certificates. */
  readonly assumedName?: string;
  /** Second line of the address. Not in certificates. */
  readonly street2?: string;
}

/** The most characters of each. RFC 5280 appendix A.1: the upper bounds of the attributes that a certificate repeats; the others are only kept. */
export const longestOrganizationTexts = {
  name: 64,
  unit: 64,
  street: 128,
  city: 128,
  state: 128,
  country: 2,
  postalCode: 40,
  phone: 64,
  registrationNumber: 64,
  incorporatedOn: 64,
  businessCategory: 128,
  jurisdictionCountry: 2,
  jurisdictionState: 128,
  jurisdictionLocality: 128,
  organizationIdentifier: 256,
  assumedName: 255,
  street2: 128,
} as const satisfies Record<keyof OrganizationDetails, number>;

/** The levels at which an organization is verified. */
export type OrganizationLevel = Exclude<ValidationLevel, 'dv'>;

export const organizationLevels: readonly OrganizationLevel[] = ['ov', 'ev'];

export type OrganizationValidationState = 'pending' | 'valid' | 'rejected';
export type OrganizationValidationEvent = 'verify' | 'reject' | 'ask';

/** State of a verification. One that ran out is `pending` again once it is requested; until then its date counts. */
export const organizationValidationTransitions: Transitions<OrganizationValidationState, OrganizationValidationEvent> =
  {
    pending: { verify: 'valid', reject: 'rejected' },
    valid: { verify: 'valid', reject: 'rejected', ask: 'pending' },
    rejected: { verify: 'valid', ask: 'pending' },
  };

export function nextOrganizationValidationState(
  state: OrganizationValidationState,
  event: OrganizationValidationEvent,
): OrganizationValidationState | undefined {
  return transition(organizationValidationTransitions, state, event);
}

/**
 * Verification of the organization for one level: its result and its end. The registration is that of a verification for EV:
 * what the verifier found, or else what the details say.
 */
export interface OrganizationValidation extends Registration {
  readonly level: OrganizationLevel;
  readonly state: OrganizationValidationState;
  readonly askedAt: Date;
  readonly decidedAt: Date | null;
  readonly decidedBy: UserId | CredentialId | null;
  /** The verifier's sources, or the reason for the rejection: shown to the account. */
  readonly note: string;
  readonly validUntil: Date | null;
}

/** A contact of the organization. `number` is from the same sequence as those of users and credentials. */
export interface OrganizationContact extends Person {
  readonly number: number;
  readonly role: 'organization' | 'technical' | 'evApprover' | 'verified';
  /** The user of the account who is this person, if there is one. */
  readonly userId: UserId | null;
}

export interface Organization {
  readonly id: OrganizationId;
  /** int32-safe. */
  readonly number: number;
  readonly accountId: AccountId;
  readonly containerId: ContainerId | null;
  /** Never changed: one that moves or changes its name is another organization and is verified again. */
  readonly details: OrganizationDetails;
  /** An inactive one takes no new orders. */
  readonly state: 'active' | 'inactive';
  /** At most one for each level. */
  readonly validations: readonly OrganizationValidation[];
  readonly contacts: readonly OrganizationContact[];
  readonly createdAt: Date;
}

/** BR §4.2.1: the verification of an organization can be used for 398 days since 2026-03-15. */
export const organizationReuseDays = 398;

/** Reports whether an issuance at the level need not wait for the operator to verify the organization of its order. */
export function isCertifiable(organization: Organization | null, level: ValidationLevel, now: Date): boolean {
  return level === 'dv' || organization === null || isVerified(organization, level, now);
}

/** Reports whether certificates of the level may be issued to it at `now`. Verification for EV includes OV. */
export function isVerified({ validations }: Organization, level: OrganizationLevel, now: Date): boolean {
  return validations.some(
    (validation) =>
      (validation.level === level || validation.level === 'ev') &&
      validation.state === 'valid' &&
      validation.validUntil !== null &&
      validation.validUntil > now,
  );
}

/**
 * Subject data of an EV certificate: its details, completed by the findings of the verification. Its date is not
 * checked again: an issuance that came this far was certifiable when it was sent to its issuer.
 */
export function certifiedDetails({ details, validations }: Organization): OrganizationDetails {
  const verified = validations.find(({ level, state }) => level === 'ev' && state === 'valid');
  if (verified === undefined) return details;
  const {
    jurisdictionCountry: _country,
    jurisdictionState: _state,
    jurisdictionLocality: _locality,
    ...rest
  } = details;
  return { ...rest, ...withRegistration(details, verified) };
}

/** What is known of the registration: found by a verifier, or else what the details say. */
export function registrationOf({ details, validations }: Organization): RegistrationFindings {
  return withRegistration(details, validations.find(({ level }) => level === 'ev') ?? noRegistration);
}

/**
 * The organizations of an account: what an OV or EV certificate says of its subject, and whether the operator has verified
 * that it is true. An OV or EV order waits until its organization is verified for that level (BR §3.2.2.1).
 */
import type { Person } from './account.ts';
import type { AccountId, ContainerId, CredentialId, OrganizationId, UserId } from './ids.ts';
import type { ValidationLevel } from './profile.ts';
import { type Transitions, transition } from './transition.ts';

/** As X.520 attributes need it. */
export interface OrganizationDetails {
  readonly name: string;
  readonly unit?: string;
  readonly street?: string;
  readonly city: string;
  readonly state: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly postalCode?: string;
  readonly phone?: string;
  readonly registrationNumber?: string;
  readonly incorporatedOn?: string;
  /** The name it trades under. Not in certificates. */
  readonly assumedName?: string;
  /** Second line of the address. Not in certificates. */
  readonly street2?: string;
}

/** What is found of an organization while it is verified for EV; its details need not say it. */
export interface RegistrationFindings {
  readonly registrationNumber?: string;
  readonly incorporatedOn?: string;
}

/** The levels at which an organization is verified. */
export type OrganizationLevel = Exclude<ValidationLevel, 'dv'>;

export const organizationLevels: readonly OrganizationLevel[] = ['ov', 'ev'];

export type OrganizationValidationState = 'pending' | 'valid' | 'rejected';
export type OrganizationValidationEvent = 'verify' | 'reject' | 'ask';

/** A verification that ran out is `pending` again once it is asked for; until then its date tells. */
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

/** Whether, and until when, somebody verified the organization for one level. */
export interface OrganizationValidation {
  readonly level: OrganizationLevel;
  readonly state: OrganizationValidationState;
  readonly askedAt: Date;
  readonly decidedAt: Date | null;
  readonly decidedBy: UserId | CredentialId | null;
  /** What the verifier looked at, or why it was rejected: shown to the account. */
  readonly note: string;
  readonly validUntil: Date | null;
  /** Under which number it is registered, of a valid one for EV: the verifier's word, or that of the details. */
  readonly registrationNumber: string | null;
  readonly incorporatedOn: string | null;
}

/** Somebody of the organization. `number` is of the sequence that users and credentials have theirs from. */
export interface OrganizationContact extends Person {
  readonly number: number;
  readonly role: 'organization' | 'technical' | 'evApprover' | 'verified';
  /** The user of the account that they are, if they are one. */
  readonly userId: UserId | null;
}

export interface Organization {
  readonly id: OrganizationId;
  /** int32-safe. */
  readonly number: number;
  readonly accountId: AccountId;
  readonly containerId: ContainerId | null;
  /** Never changed: who moves or renames is another organization and is verified anew. */
  readonly details: OrganizationDetails;
  /** An inactive one takes no new orders. */
  readonly state: 'active' | 'inactive';
  /** At most one a level. */
  readonly validations: readonly OrganizationValidation[];
  readonly contacts: readonly OrganizationContact[];
  readonly createdAt: Date;
}

/** BR §4.2.1: what was verified of an organization serves for 398 days since 2026-03-15. */
export const organizationReuseDays = 398;

/** Whether an issuance at the level need not wait for the operator's word on the organization of its order. */
export function isCertifiable(organization: Organization | null, level: ValidationLevel, now: Date): boolean {
  return level === 'dv' || organization === null || isVerified(organization, level, now);
}

/** Whether certificates of the level may be issued to it at `now`. Who is verified for EV is for OV. */
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
 * What an EV certificate says of it: its details, completed by what was found while it was verified. The date of that is not
 * looked at again: an issuance that came as far was certifiable when it left for its issuer.
 */
export function certifiedDetails({ details, validations }: Organization): OrganizationDetails {
  const verified = validations.find(({ level, state }) => level === 'ev' && state === 'valid');
  const { registrationNumber = null, incorporatedOn = null } = verified ?? {};
  return {
    ...details,
    ...(registrationNumber === null ? {} : { registrationNumber }),
    ...(incorporatedOn === null ? {} : { incorporatedOn }),
  };
}

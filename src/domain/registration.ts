/**
 * Where an organization is registered, and as what: EV certificates say it of their subject (EV guidelines §7.1.4.2).
 * Customers propose it with the details of an organization; whoever verifies the organization for EV has the last word.
 */

/** EV guidelines §7.1.4.2.3: the four texts that a certificate may say. */
export const businessCategories = [
  'Private Organization',
  'Government Entity',
  'Business Entity',
  'Non-Commercial Entity',
] as const;

export type BusinessCategory = (typeof businessCategories)[number];

export const registrationFields = [
  'registrationNumber',
  'incorporatedOn',
  'businessCategory',
  'jurisdictionCountry',
  'jurisdictionState',
  'jurisdictionLocality',
  'organizationIdentifier',
] as const;

export type RegistrationField = (typeof registrationFields)[number];

/** Parts of one answer: a state belongs to the country beside it, and a locality to both. */
export const jurisdictionFields = [
  'jurisdictionCountry',
  'jurisdictionState',
  'jurisdictionLocality',
] as const satisfies readonly RegistrationField[];

export interface RegistrationFindings {
  /** In its register. */
  readonly registrationNumber?: string;
  readonly incorporatedOn?: string;
  readonly businessCategory?: BusinessCategory;
  /** ISO 3166-1 alpha-2: where it is registered, if not where its register covers a part only. */
  readonly jurisdictionCountry?: string;
  /** Only where the register is that of a state, or of a place in it. */
  readonly jurisdictionState?: string;
  /** Only where the register is that of a place. */
  readonly jurisdictionLocality?: string;
  /** Such as `NTRDE-HRB86891` (EV guidelines §7.1.4.2.8). */
  readonly organizationIdentifier?: string;
}

/** The same with an entry for each: null is not known. */
export type Registration = {
  readonly [Field in RegistrationField]: NonNullable<RegistrationFindings[Field]> | null;
};

type PartlyKnown = { readonly [Field in RegistrationField]?: Registration[Field] };

export const noRegistration: Registration = {
  registrationNumber: null,
  incorporatedOn: null,
  businessCategory: null,
  jurisdictionCountry: null,
  jurisdictionState: null,
  jurisdictionLocality: null,
  organizationIdentifier: null,
};

/** Without what EV needs nothing is charged; the number is found by the verifier at the latest. */
export const evOrderFields = [
  'businessCategory',
  'jurisdictionCountry',
] as const satisfies readonly RegistrationField[];

/** What a verification for EV cannot be without (EV guidelines §7.1.4.2.3, §7.1.4.2.4, §7.1.4.2.5). */
export const evSubjectFields = ['registrationNumber', ...evOrderFields] as const satisfies readonly RegistrationField[];

export function registrationFrom(findings: RegistrationFindings): Registration {
  return { ...noRegistration, ...findingsOf(findings) };
}

/** Only the fields of a registration, and only those that are known. */
export function findingsOf(known: PartlyKnown): RegistrationFindings {
  const entries = registrationFields.map((field) => [field, known[field] ?? undefined]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** The later knowledge over the earlier. A jurisdiction counts as a whole: the state of one is nothing in another. */
export function withRegistration(earlier: RegistrationFindings, later: PartlyKnown): RegistrationFindings {
  const found = findingsOf(later);
  const kept = findingsOf(earlier);
  if (found.jurisdictionCountry === undefined) return { ...kept, ...found };
  return { ...withoutJurisdiction(kept), ...found };
}

function withoutJurisdiction(findings: RegistrationFindings): RegistrationFindings {
  const {
    jurisdictionCountry: _country,
    jurisdictionState: _state,
    jurisdictionLocality: _locality,
    ...rest
  } = findings;
  return rest;
}

/** What an EV certificate says of the registration of an organization, as a form asks for it. */
import type { Texts } from '../messages/texts.ts';
import { type Field, textOf, type Values } from '../shared/act/fields.tsx';
import type { Organization } from './organization-body.tsx';

export const businessCategories = [
  'Private Organization',
  'Government Entity',
  'Business Entity',
  'Non-Commercial Entity',
] as const;

const texts = ['jurisdictionCountry', 'jurisdictionState', 'jurisdictionLocality', 'organizationIdentifier'] as const;

type Known = Readonly<Partial<Record<'businessCategory' | (typeof texts)[number], string | null>>>;

/** @param at how the API calls the place of the fields: `details.`, or nothing */
export function registrationFields({ organizations }: Pick<Texts, 'organizations'>, known: Known, at: string): Field[] {
  const { fields, categories } = organizations;
  const none = { value: '', label: organizations.noCategory };
  return [
    {
      kind: 'one',
      name: 'businessCategory',
      wire: `${at}businessCategory`,
      label: fields.businessCategory,
      description: organizations.categoryText,
      options: [none, ...businessCategories.map((value) => ({ value, label: categories[value] }))],
      value: known.businessCategory ?? '',
    },
    ...texts.map(
      (name): Field => ({
        kind: 'text',
        name,
        wire: `${at}${name}`,
        label: fields[name],
        value: known[name] ?? '',
        ...(name === 'jurisdictionState' ? { description: organizations.jurisdictionText } : {}),
        ...(name === 'organizationIdentifier' ? { placeholder: 'NTRDE-HRB86891' } : {}),
      }),
    ),
  ];
}

/** Without what was left empty. */
export function registrationFrom(values: Values) {
  const category = businessCategories.find((one) => one === textOf(values, 'businessCategory'));
  const filled = texts.flatMap((name) => {
    const text = textOf(values, name);
    if (text === '') return [];
    return [[name, name === 'jurisdictionCountry' ? text.toUpperCase() : text] as const];
  });
  const known: Readonly<Partial<Record<(typeof texts)[number], string>>> = Object.fromEntries(filled);
  return { ...known, ...(category === undefined ? {} : { businessCategory: category }) };
}

/** What was verified for EV, or else what the organization says itself. A jurisdiction counts as a whole. */
export function knownRegistration({ details, validations }: Organization): Known & {
  readonly registrationNumber?: string | null;
} {
  const found = validations.find(({ level }) => level === 'ev');
  const place = found?.jurisdictionCountry == null ? details : found;
  return {
    registrationNumber: found?.registrationNumber ?? details.registrationNumber ?? null,
    businessCategory: found?.businessCategory ?? details.businessCategory ?? null,
    jurisdictionCountry: place.jurisdictionCountry ?? null,
    jurisdictionState: place.jurisdictionState ?? null,
    jurisdictionLocality: place.jurisdictionLocality ?? null,
    organizationIdentifier: found?.organizationIdentifier ?? details.organizationIdentifier ?? null,
  };
}

/** From the place to its country; an empty text where nothing is known. */
export function jurisdictionOf({ jurisdictionCountry, jurisdictionState, jurisdictionLocality }: Known): string {
  return [jurisdictionLocality, jurisdictionState, jurisdictionCountry].filter(Boolean).join(', ');
}

export function categoryOf({ organizations }: Pick<Texts, 'organizations'>, category: string | null | undefined) {
  const known = businessCategories.find((one) => one === category);
  return known === undefined ? null : organizations.categories[known];
}

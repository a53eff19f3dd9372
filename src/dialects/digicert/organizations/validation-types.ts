/** Validation types of organizations and domains. The vendor has more; the others are not for TLS certificates. */
import { quoted, refuse } from '../../../domain/errors.ts';
import type { OrganizationLevel } from '../../../domain/organization.ts';
import { filled } from '../wire/shapes.ts';

export const validationTypes = {
  ov: { name: 'OV', description: 'Normal Organization Validation' },
  ev: { name: 'EV', description: 'Extended Organization Validation (EV)' },
} as const satisfies Record<OrganizationLevel, { readonly name: string; readonly description: string }>;

/** @throws {CertError} invalidField */
export function levelsFromWire(
  validations: readonly ({ readonly type: string } | undefined)[] | undefined,
): readonly OrganizationLevel[] {
  const levels = filled(validations).map(({ item, index }) => levelFromWire(item.type, `validations[${index}].type`));
  return [...new Set(levels)];
}

function levelFromWire(text: string, field: string): OrganizationLevel {
  const type = text.trim().toLowerCase();
  if (isLevel(type)) return type;
  const expected = {
    en: 'ov or ev: this server issues TLS certificates only',
    zh: 'ov 或 ev（本服务器只签发 TLS 证书）',
  };
  throw refuse('fieldInvalid', { field, value: quoted(text), expected });
}

export function isLevel(type: string): type is OrganizationLevel {
  return Object.hasOwn(validationTypes, type);
}

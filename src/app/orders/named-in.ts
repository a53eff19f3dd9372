/** The names of an issuance that a caller names. */
import { quoted, refuse } from '../../domain/errors.ts';
import type { Identifier } from '../../domain/identifier.ts';
import type { Issuance, IssuanceName } from '../../domain/issuance.ts';

/** @throws {CertError} notFound for a name that the order does not hold */
export function namedIn({ names }: Pick<Issuance, 'names'>, wanted: readonly Identifier[]): readonly IssuanceName[] {
  const found = wanted.map(({ value }) => {
    const name = names.find(({ identifier }) => identifier.value === value);
    if (name === undefined) throw refuse('notFound', { what: 'name', value: quoted(value) });
    return name;
  });
  return [...new Set(found)];
}

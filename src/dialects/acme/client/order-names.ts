/** The names of an order that a CA shows, beside those that were ordered. */
import { CertError } from '../../../domain/errors.ts';
import { parseIdentifier } from '../../../domain/identifier.ts';
import type { SeenOrder } from './schema.ts';

/**
 * Whether the order is for these names: in any order and any spelling, each once or several times. CAs sort and deduplicate; one
 * left out the wildcard (lego#2519), and its certificate would have been for other names.
 * @param names in their canonical form
 */
export function isForNames({ identifiers }: Pick<SeenOrder, 'identifiers'>, names: readonly string[]): boolean {
  const shown = new Set(identifiers.map(({ value }) => canonical(value)));
  const ordered = new Set(names);
  return shown.size === ordered.size && [...ordered].every((name) => shown.has(name));
}

function canonical(value: string): string {
  try {
    return parseIdentifier(value, 'identifiers').value;
  } catch (thrown) {
    if (thrown instanceof CertError) return value;
    throw thrown;
  }
}

/**
 * U+0000 in what a request holds. PostgreSQL has no text with it, and no name, address or remark is meant to have one: it is refused before
 * anything is looked up or stored, on every engine.
 */
import { quoted, refuse } from '../../domain/errors.ts';
import { expected } from '../../domain/messages/expectations.ts';
import type { Input } from './input.ts';
import { fieldName } from './schema-errors.ts';

/** CSRs, whose decoder knows the zeros of UTF-16 that was read byte by byte (`pki/csr-escapes.ts`); only their DER is kept. */
const decodedFields: ReadonlySet<string> = new Set(['csr', 'csr_code']);

const zero = '\0';

/**
 * @param secretFields top-level fields whose values are never quoted
 * @param ownFields top-level fields that the dialect refuses in words of its own
 * @throws {CertError} fieldInvalid, for the first text, or name of a field, with U+0000
 */
export function requireNoZeros(
  input: Input,
  { secretFields, ownFields }: { readonly secretFields: ReadonlySet<string>; readonly ownFields: readonly string[] },
): void {
  const found = firstOf(
    Object.entries(input).filter(([field]) => !ownFields.includes(field)),
    [],
  );
  if (found === undefined) return;
  const { path, text } = found;
  const isSecret = path.some((key) => secretFields.has(String(key)));
  throw refuse('fieldInvalid', {
    field: path.length === 0 ? 'body' : fieldName(path),
    value: isSecret ? '[secret]' : quoted(text),
    expected: expected.noZeroCharacter,
  });
}

interface Found {
  /** Of the text; of the object where it is the name of a field that has one. */
  readonly path: readonly PropertyKey[];
  readonly text: string;
}

/** Limits of nesting and number are those of the readers (`json.ts`, `form.ts`). */
function findZero(value: unknown, path: readonly PropertyKey[]): Found | undefined {
  if (typeof value === 'string') return value.includes(zero) ? { path, text: value } : undefined;
  if (Array.isArray(value)) return firstOf(value.entries(), path);
  if (typeof value !== 'object' || value === null || value instanceof File) return undefined;
  return firstOf(Object.entries(value), path);
}

function firstOf(members: Iterable<readonly [PropertyKey, unknown]>, path: readonly PropertyKey[]): Found | undefined {
  for (const [key, value] of members) {
    if (typeof key === 'string') {
      if (key.includes(zero)) return { path, text: key };
      if (decodedFields.has(key)) continue;
    }
    const found = typeof value === 'number' ? undefined : findZero(value, [...path, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The names that a CSR asks for, as a set: those of its subjectAltName, and common names that are names. */
import { CertError, forEachName, refuse } from '../domain/errors.ts';
import { type Identifier, parseIdentifier } from '../domain/identifier.ts';
import type { Csr } from './csr.ts';
import type { CommonName } from './csr-subject.ts';
import { octetsText } from './text.ts';

/**
 * The names, each once, whether its letters are large or small and written as U-labels or A-labels. A common name comes first, as
 * clients that read only that expect; one that is no name (`Example Ltd`) counts only where there is nothing else: then it was meant
 * as one. Empty where the CSR asks for none.
 * @param field the request's own word for the CSR
 * @throws {CertError} badName; csrNameOctets for a name whose octets say no text for sure
 */
export function namesInCsr({ subject, attributes }: Csr, field: string): readonly Identifier[] {
  const [strange] = attributes.strangeNames;
  if (strange !== undefined) throw refuse('csrNameOctets', { part: 'subjectAltName', name: octetsText(strange) });
  const alternative = forEachName(attributes.names, String, (name) => parseIdentifier(name, field));
  const common = subject.commonNames.toReversed();
  const isAlone = alternative.length === 0;
  const read = common.flatMap((name, index) => {
    const identifier = isAlone && index === 0 ? requiredName(name, field) : nameOrUndefined(name.text);
    return identifier === undefined ? [] : [identifier];
  });
  return [...new Map([...read, ...alternative].map((identifier) => [identifier.value, identifier])).values()];
}

/** An empty common name asks for nothing. */
function requiredName({ text, shown }: CommonName, field: string): Identifier | undefined {
  if (text === undefined) throw refuse('csrNameOctets', { part: 'subject', name: `CN=${shown}` });
  return text.trim() === '' ? undefined : parseIdentifier(text, field);
}

/** Undefined for a text that is no name. */
export function nameOrUndefined(text: string | undefined): Identifier | undefined {
  if (text === undefined) return undefined;
  try {
    return parseIdentifier(text, 'csr');
  } catch (thrown) {
    if (thrown instanceof CertError) return undefined;
    throw thrown;
  }
}

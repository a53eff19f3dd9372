/**
 * Requests in every form that a reading of the document allows: it shows JSON bodies and names neither method nor content
 * type. Keys and texts are trimmed: its samples write both with blanks around them, such as `"customer_id "`.
 */
import { CertError } from '../../domain/errors.ts';
import { fileText } from '../../pki/file-text.ts';
import { type FormEntries, parseForm } from '../kit/form.ts';
import { type Input, parseJsonObject, type ReadInput } from '../kit/input.ts';
import { fromEntries, listOf, multipartTexts } from '../kit/php-form.ts';
import { parseTolerantly } from './tolerant-json.ts';

export const readRequest: ReadInput = async (incoming) => {
  const contentType = (incoming.request.headers.get('content-type') ?? '').toLowerCase();
  if (contentType.startsWith('multipart/')) return fromForm(await multipartTexts(incoming, csrText));
  const text = await incoming.text();
  // By the look of it: curl sends JSON as a form by default.
  if (/^[\w[\]%+.-]+=/.test(text.trimStart())) return fromForm(parseForm(text.trim()));
  return Object.fromEntries(Object.entries(readObject(text)).map(trimmed).map(listed));
};

/** Also read by the client, since the document's sample replies are no better JSON than its requests. */
export function readObject(text: string): Input {
  try {
    return parseJsonObject(text);
  } catch (thrown) {
    if (thrown instanceof CertError && thrown.reason.key === 'malformedJson') return parseTolerantly(text);
    throw thrown;
  }
}

/** A key that is repeated is a list as well, as in no PHP. A list of one is its only item. */
function fromForm(entries: FormEntries): Input {
  const fields = entries.map(([rawKey, value]): readonly [string, string] => {
    const [name = '', ...places] = rawKey.trim().split('[');
    const key = [name.trimEnd(), ...places].join('[');
    return [key === 'domain_name' ? 'domain_name[]' : key, value.trim()];
  });
  return Object.fromEntries(
    Object.entries(fromEntries(fields)).map(([key, value]) => [
      key,
      Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value,
    ]),
  );
}

/** A CSR may come as a file. */
async function csrText(_field: string, file: File): Promise<string> {
  return fileText(await file.bytes());
}

function trimmed([key, value]: readonly [string, unknown]): readonly [string, unknown] {
  return [key.trim(), typeof value === 'string' ? value.trim() : value];
}

/** PHP sends a list in which a place is missing as an object. */
function listed([key, value]: readonly [string, unknown]): readonly [string, unknown] {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return [key, isObject ? (listOf({ ...value }) ?? value) : value];
}

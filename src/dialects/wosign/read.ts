/**
 * Requests in every form that a reading of the document allows: it shows JSON bodies and names neither method nor content
 * type. Keys and texts are trimmed, as its samples write `"customer_id "` and `" customer_XXXXX01 "`.
 */
import { CertError } from '../../domain/errors.ts';
import { fileText } from '../../pki/file-text.ts';
import { parseForm } from '../kit/form.ts';
import { type Incoming, type Input, parseJsonObject, type ReadInput, readMultipartEntries } from '../kit/input.ts';
import { parseTolerantly } from './tolerant-json.ts';

type Entries = readonly (readonly [key: string, value: unknown])[];

export const readRequest: ReadInput = async (incoming) => {
  const contentType = (incoming.request.headers.get('content-type') ?? '').toLowerCase();
  if (contentType.startsWith('multipart/')) return fromForm(await multipartTexts(incoming));
  const text = await incoming.text();
  // By the look of it: curl sends JSON as a form by default.
  if (/^[\w[\]%+.-]+=/.test(text.trimStart())) return fromForm(parseForm(text.trim()));
  return Object.fromEntries(Object.entries(readObject(text)).map(trimmed));
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

/** `domain_name[]=a&domain_name[]=b`, `domain_name[0]=a` as PHP writes lists, or the key repeated. */
function fromForm(entries: Entries): Input {
  const texts = new Map<string, unknown>();
  const lists = new Map<string, unknown[]>();
  for (const [rawKey, value] of entries.map(trimmed)) {
    const key = rawKey.replace(/\[\d*\]$/, '').trimEnd();
    if (key === rawKey && key !== 'domain_name') texts.set(key, value);
    else
      lists
        .set(key, lists.get(key) ?? [])
        .get(key)
        ?.push(value);
  }
  const single = [...lists].map(([key, values]) => [key, values.length === 1 ? values[0] : values] as const);
  return Object.fromEntries([...texts, ...single]);
}

/** A CSR may come as a file. */
function multipartTexts(incoming: Incoming): Promise<Entries> {
  return readMultipartEntries(incoming).then((entries) =>
    Promise.all(
      entries.map(
        async ([key, value]) => [key, typeof value === 'string' ? value : fileText(await value.bytes())] as const,
      ),
    ),
  );
}

function trimmed([key, value]: readonly [string, unknown]): readonly [string, unknown] {
  return [key.trim(), typeof value === 'string' ? value.trim() : value];
}

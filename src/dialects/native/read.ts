/** The input of a request: path parameters, the query and a JSON body in one record. */
import { quoted, refuse } from '../../domain/errors.ts';
import { expected } from '../../domain/messages/expectations.ts';
import { queryEntries } from '../kit/form.ts';
import { type Input, parseJsonObject, type ReadInput } from '../kit/input.ts';

/**
 * A field that is set twice is refused: whichever of the values counted, the other would be dropped in silence, and
 * `?state=open&state=failed` or `?account=1&account=2` would answer half of what was asked for.
 * @throws {CertError} invalidField, malformedJson, tooManyFields
 */
export const readNative: ReadInput = async (incoming) => {
  const { method, url } = incoming.request;
  const body: Input = method === 'GET' || method === 'HEAD' ? {} : parseJsonObject(await incoming.text());
  const fields = new Map<string, unknown>(Object.entries({ ...body, ...incoming.params }));
  for (const [field, value] of queryEntries(url)) {
    if (fields.has(field)) throw refuse('fieldInvalid', { field, value: quoted(value), expected: expected.setOnce });
    fields.set(field, value);
  }
  return Object.fromEntries(fields);
};

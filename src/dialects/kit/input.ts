/**
 * Reading requests: each reader turns one into a plain record that the operation's schema then reads. All of them go
 * through `Incoming`, which never holds more of a body than the limit.
 */
import { refuse } from '../../domain/errors.ts';
import type { Peer } from '../../domain/ports/dialect.ts';
import { queryEntries } from './form.ts';
import { parseJson } from './json.ts';
import { parseMultipart } from './multipart.ts';

export type Input = Readonly<Record<string, unknown>>;

export type ReadInput = (incoming: Incoming) => Promise<Input>;

/** A request with its path parameters and a body that can be read once. */
export interface Incoming {
  readonly request: Request;
  readonly peer: Peer;
  /** Path parameters, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** @throws {CertError} bodyTooLarge */
  text(): Promise<string>;
  /** @throws {CertError} bodyTooLarge */
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
}

export function createIncoming(
  request: Request,
  context: { readonly peer: Peer; readonly params: Readonly<Record<string, string>>; readonly limitBytes: number },
): Incoming {
  const bytes = () => readBytesWithin(request, context.limitBytes);
  return {
    request,
    peer: context.peer,
    params: context.params,
    bytes,
    text: () => readTextWithin(request, context.limitBytes),
  };
}

/** A JSON object; an empty body is an empty object. */
export const readJsonObject: ReadInput = async (incoming) => parseJsonObject(await incoming.text());

/** Path parameters over the query over a JSON body, in one record: what REST-like APIs need. */
export const readJsonQueryAndParams: ReadInput = async (incoming) => {
  const { method, url } = incoming.request;
  const body = method === 'GET' || method === 'HEAD' ? {} : parseJsonObject(await incoming.text());
  return { ...body, ...queryOf(url), ...incoming.params };
};

/** The query in one record; of a repeated key the last one counts. @throws {CertError} tooManyFields */
export function queryOf(url: string): Input {
  return Object.fromEntries(queryEntries(url));
}

/** `multipart/form-data`; file parts stay `File`; of a repeated key the last one counts. */
export const readMultipart: ReadInput = async (incoming) => Object.fromEntries(await readMultipartEntries(incoming));

/** The same with every key as often as it was sent, for lists. @throws {CertError} malformedForm, tooManyFields */
export async function readMultipartEntries(incoming: Incoming): Promise<readonly (readonly [string, string | File])[]> {
  const contentType = incoming.request.headers.get('content-type') ?? '';
  return parseMultipart(await incoming.bytes(), contentType);
}

/** A plain text body as `{ text }`, beside the path parameters. */
export const readPlainText: ReadInput = async (incoming) => ({ ...incoming.params, text: await incoming.text() });

/** @throws {CertError} malformedJson, jsonTooDeep, jsonTooManyValues, bodyNotObject */
export function parseJsonObject(text: string): Input {
  // Some clients send a byte order mark (httpsok's PowerShell one).
  const json = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (json.trim() === '') return {};
  const value = parseJson(json, 'body');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse('bodyNotObject', {});
  return value as Input;
}

/**
 * The text of a message that may not be larger than this.
 * @throws {CertError} bodyTooLarge
 */
export async function readTextWithin(message: Request | Response, limitBytes: number): Promise<string> {
  if (declaredLength(message, limitBytes) === undefined) {
    return new TextDecoder().decode(await readStream(message, limitBytes));
  }
  const text = await message.text().catch(brokeOff);
  // Cheap bound first: UTF-8 needs at most three bytes for each UTF-16 unit.
  if (text.length * 3 > limitBytes && Buffer.byteLength(text) > limitBytes)
    throw refuse('bodyTooLarge', { limitBytes });
  return text;
}

/** Its bytes. @throws {CertError} bodyTooLarge */
export async function readBytesWithin(
  message: Request | Response,
  limitBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (declaredLength(message, limitBytes) === undefined) return readStream(message, limitBytes);
  const bytes = new Uint8Array(await message.arrayBuffer().catch(brokeOff));
  if (bytes.length > limitBytes) throw refuse('bodyTooLarge', { limitBytes });
  return bytes;
}

/**
 * The announced size, which the HTTP parser holds the sender to: with it the body may be read in one go, many times
 * faster than as a stream. Undefined when there is none (chunked).
 */
function declaredLength(message: Request | Response, limitBytes: number): number | undefined {
  const header = message.headers.get('content-length');
  if (header === null || !/^\d+$/.test(header)) return undefined;
  const length = Number(header);
  if (length > limitBytes) throw refuse('bodyTooLarge', { limitBytes });
  return length;
}

async function readStream(message: Request | Response, limitBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  if (message.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = message.body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(brokeOff);
    if (done) break;
    size += value.length;
    if (size > limitBytes) {
      // The rest is never received. What cancelling meets on the way changes nothing for the answer.
      reader.cancel().catch(() => {});
      throw refuse('bodyTooLarge', { limitBytes });
    }
    chunks.push(value);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

/** The sender went away: its failure, not ours, and no line in the error log. */
function brokeOff(cause: unknown): never {
  throw refuse('bodyBrokeOff', {}, { cause });
}

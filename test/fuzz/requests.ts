/** Whole requests: the readers of the dialects, and what their schemas make of any JSON. */

import { readRequest as readDigicert } from '../../src/dialects/digicert/read.ts';
import { createIncoming, type Incoming, type ReadInput } from '../../src/dialects/kit/input.ts';
import { parseJson, replyJson } from '../../src/dialects/kit/json.ts';
import type { OperationDescription } from '../../src/dialects/kit/operation.ts';
import { readFields } from '../../src/dialects/kit/php-form.ts';
import { parseInput } from '../../src/dialects/kit/schema-errors.ts';
import { readRequest as readRacent } from '../../src/dialects/racent/read.ts';
import { dialects } from '../../src/dialects/registry.ts';
import { readRequest as readWosign } from '../../src/dialects/wosign/read.ts';
import type { Target } from './target.ts';

const peer = { address: '192.0.2.7', requestId: 'req-1' };
const contentTypes = [
  'application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=XX',
  'text/plain',
];

/** What a reader is handed, without the streams of a real request. */
function incomingOf(body: Buffer, contentType: string): Incoming {
  const request = new Request('https://certs.example/ssl/place?a[]=1&b=2', {
    method: 'POST',
    headers: { 'content-type': contentType },
  });
  const incoming = createIncoming(request, { peer, params: {}, limitBytes: 1 << 20 });
  return { ...incoming, text: async () => body.toString('utf8'), bytes: async () => Uint8Array.from(body) };
}

/** The first byte chooses the content type, so that one corpus serves all of them. */
function readerTarget(name: string, read: ReadInput, grammar: readonly string[]): Target {
  return {
    name,
    kind: 'text',
    grammar,
    keptBytes: 1,
    parse: (input) => {
      const index = (input[0] ?? 0) % contentTypes.length;
      return read(incomingOf(input.subarray(1), contentTypes[index] ?? ''));
    },
  };
}

const words = [
  'params',
  'domainInfo',
  '[0]',
  '[]',
  '[domainName]',
  '&',
  '=',
  '{',
  '}',
  ':',
  '"',
  '--XX\r\n',
  'domain_name[]',
  'Content-Disposition: form-data; name="',
];

export const readRequests: readonly Target[] = [
  readerTarget('request-racent', readRacent, words),
  readerTarget('request-wosign', readWosign, words),
  readerTarget('request-digicert', readDigicert, words),
  readerTarget('request-kit', readFields, words),
];

interface NamedOperation {
  /** `racent.order.place` */
  readonly name: string;
  readonly operation: OperationDescription;
  /** What its documentation shows, as far as it is JSON. */
  readonly example: unknown;
}

const operations: readonly NamedOperation[] = dialects.flatMap(({ name, docs, operations: all }) =>
  all.map((operation) => ({
    name: `${name}.${operation.id}`,
    operation,
    example: replyJson(docs.examples?.[operation.id]?.request.body ?? '') ?? {},
  })),
);

/** `{ "operation": "racent.order.place", "input": { … } }`: any input for any operation. */
export const operationInputs: Target = {
  name: 'operation',
  kind: 'json',
  seeds: operations.map(({ name, example }) => Buffer.from(JSON.stringify({ operation: name, input: example }))),
  parse: (input) => {
    const value = parseJson(input.toString('utf8'), 'body');
    const { operation, input: body } = { operation: '', input: {}, ...(value as object) };
    const found = operations.find(({ name }) => name === operation) ?? operations[0];
    if (found === undefined) return;
    const language = input.length % 2 === 0 ? 'en' : 'zh';
    parseInput(found.operation.request, body, { language, secretFields: new Set(['csr']) });
  },
};

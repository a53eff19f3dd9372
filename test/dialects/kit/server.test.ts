import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { readJsonQueryAndParams } from '../../../src/dialects/kit/input.ts';
import {
  type CallerSession,
  callerOperation,
  type Operation,
  publicOperation,
} from '../../../src/dialects/kit/operation.ts';
import { readFields } from '../../../src/dialects/kit/php-form.ts';
import { createOperationServer, type OperationServerOptions } from '../../../src/dialects/kit/server.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { type CertError, refuse, renderReason } from '../../../src/domain/errors.ts';
import { createAllowanceMemory, createRequestTurns, openSharedAllowances } from '../../../src/system/index.ts';
import { createFakeClock, createFakeLog, createFakeRandomness } from '../../support/system.ts';

type RequestBody = NonNullable<RequestInit['body']>;

interface Services {
  readonly greeting: string;
}

const ping = publicOperation({
  id: 'ping',
  method: 'POST',
  path: '/ping',
  summary: { en: 'says hello', zh: '问好' },
  request: z.object({ name: z.string().max(5).optional(), password: z.string().max(3).optional() }),
  response: z.object({ greeting: z.string(), length: z.coerce.number() }),
  async handle(input, session: { services: Services }) {
    return { greeting: `${session.services.greeting} ${input.name ?? ''}`, length: (input.name ?? '').length };
  },
});

const show = callerOperation({
  id: 'thing.show',
  method: 'GET',
  path: '/things/:id',
  summary: { en: 'shows a thing', zh: '查看' },
  status: 201,
  request: z.object({ id: z.coerce.number().int(), full: z.string().optional() }),
  response: z.object({ id: z.number(), full: z.string() }),
  async handle(input, session: CallerSession<Services>) {
    if (input.id === 404) throw refuse('notFound', { what: 'order', value: String(input.id) });
    if (input.id === 500) throw new Error('the database is on fire: password=hunter2');
    return { id: input.id, full: `${input.full ?? ''} for ${session.caller.address}` };
  },
});

/** Breaks its own schema in the ways that `checkReplies` must reminder. */
const broken = publicOperation({
  id: 'broken',
  method: 'POST',
  path: '/broken/:how',
  summary: { en: 'breaks', zh: '出错' },
  request: z.object({ how: z.string() }),
  response: z.object({ a: z.coerce.number(), b: z.string().optional() }),
  async handle(input) {
    const replies: Record<string, unknown> = {
      type: { a: 'x' },
      extra: { a: 1, c: 1 },
      order: { b: 'b', a: 1 },
      leniency: { a: '1' },
    };
    return replies[input.how] as { a: number };
  },
});

const caller: Caller = {
  dialect: 'test',
  seesAllDialects: false,
  scope: 'all',
  isActingFor: false,
  actor: 'usr_1' as Caller['actor'],
  credentialId: null,
  roles: [],
  address: '192.0.2.7',
  requestId: 'req-1',
};

const fieldNames = { credential: 'x-key', 'credential.secret': 'x-key', productCode: 'pid' };

/** What the system provides, over a clock of its own. */
function freeAdmission() {
  const clock = createFakeClock();
  const memory = createAllowanceMemory(createFakeRandomness(3));
  return { turns: createRequestTurns({ clock }), allowances: openSharedAllowances(memory, clock) };
}

function createServerOf(change: Partial<OperationServerOptions<Services>> = {}) {
  const operations: readonly Operation<Services>[] = [ping, show, broken];
  return createOperationServer<Services>({
    operations,
    services: { greeting: 'hello' },
    clock: createFakeClock(),
    ...freeAdmission(),
    log: createFakeLog(),
    language: 'en',
    read: readJsonQueryAndParams,
    credentials: {
      in: 'header',
      async authenticate({ request }) {
        if (request.headers.get('x-key') !== 'good') throw refuse('credentialsMissing', { field: 'x-key' });
        return caller;
      },
    },
    renderReply: (output, operation) => Response.json(output, { status: operation.status ?? 200 }),
    renderError: (error, { language, operation }) =>
      Response.json(
        { code: error.code, message: renderReason(error.reason, language), operation: operation?.id ?? null },
        { status: 400 },
      ),
    fieldNames,
    secretFields: ['password'],
    ...change,
  });
}

function server(change: Partial<OperationServerOptions<Services>> = {}) {
  const log = createFakeLog();
  const { fetch } = createServerOf({ log, ...change });
  const ask = async (method: string, path: string, body?: RequestBody, headers: Record<string, string> = {}) =>
    fetch(new Request(`http://test${path}`, { method, headers, ...(body === undefined ? {} : { body }) }), {
      address: '192.0.2.7',
      requestId: 'req-1',
    });
  return { ask, log };
}

describe('an operation server', () => {
  test('reads the input, handles it and renders the reply', async () => {
    const reply = await server().ask('POST', '/ping', '{"name":"Ann","unknown":1}');
    assert.deepEqual(await reply.json(), { greeting: 'hello Ann', length: 3 });
  });

  test('takes no fixed path for the parameter of another operation, whatever their order', async () => {
    const mine = publicOperation({
      id: 'thing.mine',
      method: 'GET',
      path: '/things/mine',
      summary: { en: 'shows my own', zh: '查看自己的' },
      request: z.object({}),
      response: z.object({ mine: z.boolean() }),
      handle: async () => ({ mine: true }),
    });
    const remove = publicOperation({
      id: 'thing.remove',
      method: 'DELETE',
      path: '/things/:id',
      summary: { en: 'removes a thing', zh: '删除' },
      request: z.object({ id: z.string() }),
      response: z.object({ removed: z.string() }),
      handle: async ({ id }) => ({ removed: id }),
    });
    const { ask } = server({ operations: [remove, show, mine] });
    assert.deepEqual(await (await ask('GET', '/things/mine')).json(), { mine: true });
    assert.deepEqual(await (await ask('DELETE', '/things/7')).json(), { removed: '7' });
    const refused = await ask('DELETE', '/things/mine');
    assert.equal(refused.headers.get('allow'), 'GET, HEAD');
    assert.match(((await refused.json()) as { message: string }).message, /DELETE/);
    assert.equal((await ask('PUT', '/things/7')).headers.get('allow'), 'GET, HEAD, DELETE');
  });

  test('gives path parameters precedence over the query, and the status of the operation', async () => {
    const reply = await server().ask('GET', '/things/7?id=8&full=yes', undefined, { 'x-key': 'good' });
    assert.equal(reply.status, 201);
    assert.deepEqual(await reply.json(), { id: 7, full: 'yes for 192.0.2.7' });
  });

  const refusals: readonly [string, string, string | undefined, Record<string, string>, string, string][] = [
    ['POST', '/ping', '{"name":', {}, 'malformedRequest', 'the request body is not valid JSON: unexpected end'],
    ['POST', '/ping', '[]', {}, 'malformedRequest', 'the request body must be a JSON object'],
    ['POST', '/ping', '{"name":"Annabel"}', {}, 'invalidField', 'name must be at most 5 characters, not "Annabel"'],
    ['POST', '/ping', '{"name":5}', {}, 'invalidField', 'name must be a string, not 5'],
    [
      'POST',
      '/ping',
      '{"password":"hunter2"}',
      {},
      'invalidField',
      'password must be at most 3 characters, not [secret]',
    ],
    ['GET', '/ping', undefined, {}, 'notFound', 'there is no GET /ping; it takes POST'],
    ['POST', '/nowhere', '{}', {}, 'notFound', 'there is no POST /nowhere'],
    ['GET', '/things/x', undefined, {}, 'unauthenticated', 'credentials are missing: send x-key'], // before validation
    ['GET', '/things/x', undefined, { 'x-key': 'good' }, 'invalidField', 'id must be a number, not "x"'],
    ['GET', '/things/404', undefined, { 'x-key': 'good' }, 'notFound', 'no order 404 in this account'],
  ];
  for (const [method, path, body, headers, code, message] of refusals) {
    test(`answers ${method} ${path} ${body ?? ''} in the dialect's error form: ${message}`, async () => {
      const reply = await server().ask(method, path, body, headers);
      const answered = (await reply.json()) as Record<string, unknown>;
      assert.equal(answered.code, code);
      assert.equal(answered.message, message);
    });
  }

  test('shows nothing of what was thrown, and logs it with the request id', async () => {
    const { ask, log } = server();
    const reply = await ask('GET', '/things/500', undefined, { 'x-key': 'good' });
    const text = await reply.text();
    assert.match(text, /"code":"internal"/);
    assert.doesNotMatch(text, /fire|hunter2/);
    const line = log.lines.find((entry) => entry.level === 'error');
    assert.equal(line?.fields.requestId, 'req-1');
    assert.match(String(line?.fields.err), /on fire/);
  });

  test('says when to come back, whatever the dialect', async () => {
    const retryAfter = async (thrown: CertError | Error) => {
      const failing = publicOperation({
        ...ping,
        async handle() {
          throw thrown;
        },
      });
      const reply = await server({ operations: [failing] }).ask('POST', '/ping', '{}');
      return reply.headers.get('retry-after');
    };
    assert.equal(await retryAfter(refuse('loginRateLimited', { retryAfterSeconds: 30 })), '30');
    assert.equal(await retryAfter(refuse('shuttingDown', {})), '5');
    assert.equal(await retryAfter(refuse('loginFailed', {})), null);
    assert.equal(await retryAfter(new Error('internal')), null);
  });

  test('logs one line for an answered request, without its input', async () => {
    const { ask, log } = server();
    await ask('GET', '/things/7?full=confidential', undefined, { 'x-key': 'good' });
    assert.deepEqual(
      log.lines.map((line) => [line.level, line.fields.operation, line.message]),
      [['debug', 'thing.show', 'request answered']],
    );
    assert.doesNotMatch(JSON.stringify(log.lines), /confidential|good/);
  });

  for (const how of ['type', 'extra', 'order', 'leniency']) {
    test(`with checkReplies, throws on a reply that breaks its schema (${how})`, async () => {
      await assert.rejects(server({ checkReplies: true }).ask('POST', `/broken/${how}`, '{}'), /broken: the reply/);
      assert.equal((await server().ask('POST', `/broken/${how}`, '{}')).status, 200);
    });
  }
});

describe('a body over the limit', () => {
  test('is refused unread when its length is announced', async () => {
    let pulled = 0;
    const body = new ReadableStream({
      pull(controller) {
        pulled++;
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    const request = new Request('http://test/ping', {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { 'content-length': '10485760' },
    } as RequestInit);
    const { fetch } = fetchOf();
    const reply = await fetch(request, { address: '192.0.2.7', requestId: 'req-1' });
    assert.match(await reply.text(), /larger than 131072 bytes/);
    assert.ok(pulled <= 1, `pulled ${pulled} chunks`); // the stream itself fills its queue of one
  });

  test('is refused after the limit, not after its end, when it comes in chunks', async () => {
    let pulled = 0;
    let cancelled = false;
    const body = new ReadableStream({
      // Without end.
      pull(controller) {
        pulled++;
        controller.enqueue(new Uint8Array(65_536));
      },
      cancel() {
        cancelled = true;
      },
    });
    const request = new Request('http://test/ping', { method: 'POST', body, duplex: 'half' } as RequestInit);
    const reply = await fetchOf().fetch(request, { address: '192.0.2.7', requestId: 'req-1' });
    assert.match(await reply.text(), /tooLarge/);
    assert.ok(pulled <= 4, `pulled ${pulled} chunks`);
    assert.ok(cancelled);
  });

  for (const headers of [{}, { 'content-length': '100' }]) {
    test(`that breaks off is the sender's failure, announced ${JSON.stringify(headers)}`, async () => {
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('{"name":'));
        },
        pull(controller) {
          controller.error(new Error('socket hang up'));
        },
      });
      const request = new Request('http://test/ping', { method: 'POST', body, headers, duplex: 'half' } as RequestInit);
      const reply = await fetchOf().fetch(request, { address: '192.0.2.7', requestId: 'req-1' });
      assert.match(await reply.text(), /"malformedRequest","message":"the request body ended before it was complete/);
    });
  }

  test('is refused at the limit of the operation, which may be another for forms with files', async () => {
    const roomy = { ...ping, path: '/roomy', bodyLimitBytes: 200_000, multipartLimitBytes: 300_000 };
    const { ask } = server({ operations: [ping, roomy], bodyLimitBytes: 1000 });
    const limitOf = async (path: string, contentType: string) => {
      const reply = await ask('POST', path, 'x'.repeat(400_000), { 'content-type': contentType });
      return /larger than (\d+) bytes/.exec(await reply.text())?.[1];
    };
    assert.equal(await limitOf('/ping', 'application/json'), '1000');
    assert.equal(await limitOf('/ping', 'multipart/form-data; boundary=x'), '1000');
    assert.equal(await limitOf('/roomy', 'application/json'), '200000');
    assert.equal(await limitOf('/roomy', ' Multipart/form-data; boundary=x'), '300000');
  });

  test('is never looked at where the credentials of the header are wrong', async () => {
    const change = { ...show, method: 'POST' } as const;
    const { fetch } = createServerOf({ operations: [change] });
    const ask = (headers: Record<string, string>) => {
      const body = new ReadableStream({
        pull() {
          return new Promise(() => {});
        },
      });
      const init = { method: 'POST', body, duplex: 'half', headers } as RequestInit;
      return fetch(new Request('http://test/things/7', init), { address: '192.0.2.7', requestId: 'req-1' });
    };
    for (const length of ['1048576', '100', undefined]) {
      const reply = await ask(length === undefined ? {} : { 'content-length': length });
      assert.match(await reply.text(), /"unauthenticated"/, `announced: ${length}`);
    }
  });

  for (const place of ['header', 'body'] as const) {
    test(`is ${place === 'header' ? 'never looked at' : 'not checked'} before it is its owner's turn, with the key in the ${place}`, async () => {
      const turns: { readonly owner: string; readonly begin: () => void }[] = [];
      let read = 0;
      let handled = 0;
      let ended = 0;
      const operation = { ...show, method: 'POST', handle: async () => ({ id: ++handled, full: '' }) } as const;
      const { fetch } = createServerOf({
        operations: [operation],
        turns: {
          waitFor: (owner) =>
            new Promise((resolve) => turns.push({ owner, begin: () => resolve({ end: () => ended++ }) })),
        },
        credentials: { in: place, authenticate: async () => ({ ...caller, scope: 'acc_1' as never }) },
        read: async ({ params }) => {
          read++;
          return params;
        },
      });
      const request = new Request('http://test/things/7', { method: 'POST', body: '{}' });
      const reply = fetch(request, { address: '192.0.2.7', requestId: 'req-1' });
      await setImmediate();
      assert.deepEqual([turns[0]?.owner, read, handled], ['acc_1', place === 'header' ? 0 : 1, 0]);
      turns[0]?.begin();
      assert.equal((await reply).status, 201);
      assert.equal(ended, 1);
    });
  }

  test('is never looked at where too many of its owner wait, who are told when to come again', async () => {
    const { fetch } = createServerOf({
      turns: {
        waitFor() {
          throw refuse('tooManyWaiting', { limit: 9, retryAfterSeconds: 1 });
        },
      },
      read: () => assert.fail('the request is read'),
    });
    for (const [method, path] of [
      ['GET', '/things/7'],
      ['POST', '/ping'],
    ] as const) {
      const request = new Request(`http://test${path}`, { method, headers: { 'x-key': 'good' } });
      const reply = await fetch(request, { address: '192.0.2.7', requestId: 'req-1' });
      assert.equal(reply.headers.get('retry-after'), '1');
      assert.match(await reply.text(), /rateLimited/);
    }
  });

  function fetchOf() {
    return createOperationServer<Services>({
      operations: [ping],
      services: { greeting: 'hello' },
      clock: createFakeClock(),
      ...freeAdmission(),
      log: createFakeLog(),
      language: 'en',
      read: readJsonQueryAndParams,
      credentials: { in: 'header', authenticate: async () => caller },
      renderReply: (output) => Response.json(output),
      renderError: (error) => Response.json({ code: error.code, message: error.message }),
      fieldNames,
    });
  }
});

describe('reading by content type', () => {
  const forms: readonly [string, () => RequestInit][] = [
    ['JSON', () => ({ body: '{"name":"Ann"}', headers: { 'content-type': 'application/json' } })],
    ['JSON with a byte order mark', () => ({ body: '\ufeff{"name":"Ann"}' })],
    ['urlencoded', () => ({ body: new URLSearchParams({ name: 'Ann' }) })],
    [
      'multipart',
      () => {
        const form = new FormData();
        form.set('name', 'Ann');
        return { body: form };
      },
    ],
  ];
  for (const [name, init] of forms) {
    test(`takes ${name}`, async () => {
      const { body, headers } = init();
      const { ask } = server({ read: readFields });
      const reply = await ask('POST', '/ping', body as RequestBody, headers as Record<string, string>);
      assert.deepEqual(await reply.json(), { greeting: 'hello Ann', length: 3 });
    });
  }

  test('refuses a multipart body that is none', async () => {
    const { ask } = server({ read: readFields });
    const reply = await ask('POST', '/ping', 'nonsense', { 'content-type': 'multipart/form-data; boundary=x' });
    assert.match(await reply.text(), /not a valid form/);
  });
});

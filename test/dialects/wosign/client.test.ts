/** The client half: against our own server half without a socket, and against what the document shows. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Secret } from '../../../src/dialects/kit/secret.ts';
import { createWosignClient, type WosignClient } from '../../../src/dialects/wosign/client.ts';
import type { ErrorCode } from '../../../src/domain/error-codes.ts';
import { CertError } from '../../../src/domain/errors.ts';
import { readExchanges, sampleResponse } from '../../support/exchange.ts';
import { csrPem } from './csr.ts';
import { baseUrl, createSession, credentials, type Session, servedSession } from './harness.ts';

const clientCredentials = { customerId: credentials.customer_id, authToken: new Secret(credentials.auth_token) };
const request = { names: ['test.ims.cn'], csrPem };

function connected(session: Session): WosignClient {
  return createWosignClient({ baseUrl, fetch: session.fetch, credentials: clientCredentials });
}

/** A client whose server answers everything with this. */
function answeredWith(body: string, init: ResponseInit = {}): WosignClient {
  return createWosignClient({ baseUrl, fetch: async () => new Response(body, init), credentials: clientCredentials });
}

const isCode = (code: ErrorCode, message?: RegExp) => (error: unknown) => {
  assert.ok(error instanceof CertError, String(error));
  assert.equal(error.code, code);
  if (message !== undefined) assert.match(error.message, message);
  return true;
};

describe('our client at our server', () => {
  for (const statusAs of ['string', 'integer']) {
    test(`applies and fetches, with status as ${statusAs}`, async () => {
      const session = await servedSession({ approval: 'manual', config: { statusAs } });
      const client = connected(session);
      const pending = await client.apply(request);
      assert.deepEqual(pending, { state: 'pending', handle: await session.handle() });
      await session.approve();
      const issued = await client.fetchPending(pending.handle);
      assert.ok(issued.state === 'issued');
      assert.match(issued.certificatePem, /^-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n-----BEGIN/);
    });
  }

  const refusals: readonly [ErrorCode, RegExp, (client: WosignClient) => Promise<unknown>][] = [
    ['notFound', /108 handle_id error$/, (client) => client.fetchPending('handle_XXXXXX01')],
    ['badName', /105 domain format error$/, (client) => client.apply({ ...request, names: ['*.a.com'] })],
    ['tooManyNames', /106 domain number error>5$/, (client) => client.apply({ ...request, names: [...'abcdef'] })],
    ['badCsr', /104 csr error$/, (client) => client.apply({ ...request, csrPem: 'nonsense!' })],
    ['validationFailed', /107 domain verify error: test\.ims\.cn$/, (client) => client.apply(request)],
    ['issuerRefused', /109 refused$/, (client) => client.apply({ ...request, names: ['co.uk'] })],
  ];
  for (const [code, words, ask] of refusals) {
    test(`reads a refusal back as ${code}`, async () => {
      await assert.rejects(ask(connected(await createSession())), isCode(code, words));
    });
  }

  test('reads refused credentials back, and a refused address', async () => {
    const { fetch } = await createSession();
    for (const [change, words] of [
      [{ customerId: 'nobody' }, /101 customer_id error$/],
      [{ authToken: new Secret('wrong') }, /102 auth_token error$/],
    ] as const) {
      const client = createWosignClient({ baseUrl, fetch, credentials: { ...clientCredentials, ...change } });
      await assert.rejects(client.apply(request), isCode('unauthenticated', words));
    }
    const elsewhere = connected(await createSession({ from: '198.51.100.9' }));
    await assert.rejects(elsewhere.apply(request), isCode('forbidden', /110 IP is not permitted$/));
  });
});

describe('our client at the vendor', () => {
  for (const exchange of readExchanges('wosign')) {
    test(`reads the answer of exchange ${exchange.name}`, async () => {
      const client = createWosignClient({
        baseUrl,
        fetch: async () => sampleResponse(exchange),
        credentials: clientCredentials,
      });
      if (exchange.name.startsWith('error.')) await assert.rejects(client.apply(request), CertError);
      else assert.ok((await client.apply(request)).handle);
    });
  }

  test('reads the success of the document as printed, defects included', async () => {
    const printed = `{
  "result":"success",
  "status": "0",
  "handle_id":" handle_XXXXXX01"
  "certificate": " -----BEGIN CERTIFICATE-----.....-----END CERTIFICATE-----",
}`;
    assert.deepEqual(await answeredWith(printed).apply(request), {
      state: 'issued',
      handle: 'handle_XXXXXX01',
      certificatePem: '-----BEGIN CERTIFICATE-----.....-----END CERTIFICATE-----',
    });
  });

  test('reads the pending of the document as printed', async () => {
    const printed = '{\n  "result":" pending",\n  "status": "1",\n  "handle_id": "handle_XXXXXX01",\n}';
    assert.deepEqual(await answeredWith(printed).apply(request), { state: 'pending', handle: 'handle_XXXXXX01' });
  });

  test('reads the error of the document as printed, its last field behind the brace', async () => {
    const printed = '{\n  "result":"error",\n  "status":"107",\n}\n\n“other_msg”: “test.ims.cn”\n\n}';
    await assert.rejects(answeredWith(printed).apply(request), isCode('validationFailed', /: test\.ims\.cn$/));
  });

  const others: readonly [string, ErrorCode][] = [
    ['{"result":"error","status":110}', 'forbidden'],
    ['{"result":"success","status":"109"}', 'issuerRefused'], // the status counts
    ['{"result":"error","status":"0"}', 'unavailable'], // it contradicts itself
    ['{"result":"error","status":"999"}', 'issuerRefused'],
    ['{"result":"success","status":"0"}', 'unavailable'], // no certificate
    ['{"result":"success","status":"1"}', 'unavailable'], // no handle
    ['{"result":"success"}', 'unavailable'],
    ['<html>502 Bad Gateway</html>', 'unavailable'],
    ['null', 'unavailable'],
    ['', 'unavailable'],
  ];
  for (const [body, code] of others) {
    test(`takes ${body === '' ? 'nothing' : body} for ${code}`, async () => {
      await assert.rejects(answeredWith(body).apply(request), isCode(code));
    });
  }

  test('takes another HTTP status, no answer, or one without end for unavailable', async () => {
    await assert.rejects(answeredWith('{}', { status: 502 }).apply(request), isCode('unavailable', /HTTP status 502/));
    const silent = async () => {
      throw new TypeError('fetch failed');
    };
    const endless = async () =>
      new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1 << 18).fill(32)) }));
    for (const fetch of [silent, endless]) {
      const client = createWosignClient({ baseUrl, fetch, credentials: clientCredentials });
      await assert.rejects(client.apply(request), isCode('unavailable'));
    }
  });
});

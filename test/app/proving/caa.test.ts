/** CAA look-ups for a caller. */

import assert from 'node:assert/strict';
import { afterEach, it } from 'node:test';
import { reason } from '../../../src/domain/errors.ts';
import { createCustomer, names, startTestApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
afterEach(() => app.close());

it('asks for the name without its wildcard', async () => {
  const asked: string[] = [];
  const answer = { foundAt: 'example.com', records: [{ flags: 0, tag: 'issue', value: 'ca.example' }] };
  app = await startTestApp({
    lookUpCaa: async (name) => {
      asked.push(name);
      return { ok: true, answer };
    },
  });
  const { caller } = await createCustomer(app);
  const [wildcard] = names('*.www.example.com');
  assert.deepEqual(await app.ports.proving.caa(caller, wildcard ?? assert.fail()), answer);
  assert.deepEqual(asked, ['www.example.com']);
});

it('says what the network did when nothing is known, in both languages', async () => {
  const problem = reason('dnsTimeout', { name: 'example.com', server: '192.0.2.53:53' });
  app = await startTestApp({ lookUpCaa: async () => ({ ok: false, problem }) });
  const { caller } = await createCustomer(app);
  const [name, ip] = names('www.example.com', '192.0.2.1');
  await assert.rejects(app.ports.proving.caa(caller, name ?? assert.fail()), {
    code: 'unavailable',
    message: /CAA records of www\.example\.com could not be looked up: the resolver did not answer/,
  });
  await assert.rejects(app.ports.proving.caa(caller, ip ?? assert.fail()), {
    code: 'invalidField',
    message: /192\.0\.2\.1/,
  });
});

it('does not wait for ever', async () => {
  app = await startTestApp({
    lookUpCaa: (_, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve({ ok: false, problem: reason('checkAborted', {}) }));
      }),
  });
  const { caller } = await createCustomer(app);
  const [name] = names('www.example.com');
  const asked = app.ports.proving.caa(caller, name ?? assert.fail());
  const refused = assert.rejects(asked, { code: 'unavailable' });
  await app.clock.advance(20_000);
  await refused;
});

/** httpsok in front of a CA that looks for its own proof behind the delegation: the API is as it always was. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDelegating } from '../../support/delegating.ts';
import { createSession, firstNumber } from './harness.ts';

const name = 'www.example.com';

test('the record is the one of the service’s zone, and the certificate comes from the upstream once it stands', async () => {
  const { session, upstream, recordOf, delegate } = await startDelegating(createSession);
  const { target } = recordOf(name);
  const record = { domain: name, host: '_acme-challenge.www', hostValue: target };
  const wanted = () => session.post('/v1/cert/dv', { domainList: [name] });
  assert.deepEqual((await wanted()).data, { configs: [{ ...record, valid: false }], valid: false });
  const refused = await session.post('/v1/cert/apply', { domainList: [name] });
  assert.notEqual(refused.code, 0);
  assert.ok(refused.msg.includes(target), refused.msg);
  delegate(name);
  assert.deepEqual((await wanted()).data, { configs: [{ ...record, valid: true }], valid: true });
  assert.equal((await session.post('/v1/cert/apply', { domainList: [name] })).code, 0);
  await session.app.advance(60);
  assert.equal((await session.get(`/v1/cert/apply/${firstNumber}`)).data.status, 1);
  assert.equal(upstream.orders.length, 1);
});

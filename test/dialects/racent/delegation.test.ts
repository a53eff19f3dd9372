/** Racent in front of a CA that looks for its own proof behind the delegation: the `DCV…` fields show that and nothing else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDelegating } from '../../support/delegating.ts';
import { createSession, orderFields } from './harness.ts';

const name = 'a.example.com';
const httpOf = (domainName: string) => [{ domainName, dcvMethod: 'HTTP_CSR_HASH' }];
const empty = { DCVfileName: '', DCVfileContent: '', DCVfilePath: '' };

test('the delegation is shown before the order, with it and after it', async () => {
  const { session, upstream, recordOf, delegate } = await startDelegating(createSession);
  const fields = {
    ...empty,
    DCVdnsHost: '_acme-challenge',
    DCVdnsValue: recordOf(name).target,
    DCVdnsType: 'CNAME',
  };
  const order = orderFields({ params: { domainInfo: [{ domainName: name, dcvMethod: 'CNAME_CSR_HASH' }] } });
  assert.deepEqual((await session.post('/ssl/validate', order)).data, fields);
  const withoutCsr = orderFields({ params: { csr: '' } });
  assert.deepEqual((await session.post('/ssl/validate', withoutCsr)).data, fields);
  const { data } = await session.post('/ssl/place', order);
  const shownOf = (of: Record<string, unknown>) => Object.fromEntries(Object.keys(fields).map((key) => [key, of[key]]));
  assert.deepEqual(shownOf(data), fields);
  assert.deepEqual(shownOf((await session.post('/ssl/collect', { certId: data.certId })).data), fields);
  delegate(name);
  await session.app.advance(60);
  assert.equal((await session.post('/ssl/collect', { certId: data.certId })).status, 'COMPLETE');
  assert.equal(upstream.orders.length, 1);
});

test('another method is refused, and the refusal names the record', async () => {
  const { session, recordOf } = await startDelegating(createSession);
  const order = orderFields({ params: { domainInfo: httpOf(name) } });
  const refused = await session.post('/ssl/place', order);
  assert.ok(refused.code < 0, JSON.stringify(refused));
  assert.ok(JSON.stringify(refused).includes(recordOf(name).target), JSON.stringify(refused));
  const checked = await session.post('/ssl/validate', orderFields({ params: { csr: '', domainInfo: httpOf(name) } }));
  assert.ok(JSON.stringify(checked).includes(recordOf(name).target), 'before the order as well, and without a CSR');
});

test('a change of method is no mistake while an order waits for its record: nothing is changed, and the record is looked for at once', async () => {
  const { session, upstream, recordOf, delegate } = await startDelegating(createSession);
  const { host, target } = recordOf(name);
  const { data } = await session.post('/ssl/place', orderFields());
  // Our own look finds it, and the one before the order does not.
  session.app.checks.placeRecord(host, target);
  await session.app.advance(60);
  const collect = () => session.post('/ssl/collect', { certId: data.certId });
  assert.ok((await collect()).data.issued.message.includes(target));
  assert.equal(upstream.orders.length, 0);
  const change = { certId: data.certId, dcvMethod: 'HTTP_CSR_HASH' };
  const changed = await session.post('/ssl/updateDCV', change);
  assert.deepEqual([changed.code, changed.data.DCVdnsValue, changed.data.DCVfileName], [1, target, '']);
  delegate(name);
  assert.equal((await session.post('/ssl/updateDCV', change)).code, 1);
  await session.app.advance(5);
  assert.equal((await collect()).status, 'COMPLETE');
});

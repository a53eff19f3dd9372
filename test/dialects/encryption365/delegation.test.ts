/** Encryption365 in front of a CA that looks for its own proof behind the delegation: `dcv_info` shows that and nothing else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDelegating } from '../../support/delegating.ts';
import { createSession, firstNumber, orderBody } from './harness.ts';

const name = 'www.example.com';

test('the delegation is shown in the DNS fields of each name, and the fields of files are empty', async () => {
  const { session, recordOf } = await startDelegating(createSession);
  const { dcv_info: shown } = await session.post('/cert/create', orderBody({ domains: `${name},*.${name}` }));
  for (const each of [name, `*.${name}`]) {
    const { method, status, dns_host, dns_type, dns_value, http_verifylink, https_filecontent } = shown[each];
    assert.deepEqual(
      { method, status, dns_host, dns_type, dns_value, http_verifylink, https_filecontent },
      {
        method: 'dns',
        status: 'needverification',
        dns_host: '_acme-challenge.www',
        dns_type: 'CNAME',
        dns_value: recordOf(name).target,
        http_verifylink: '',
        https_filecontent: '',
      },
      each,
    );
  }
});

test('another method is refused with the record, and the certificate comes once that stands', async () => {
  const { session, upstream, recordOf, delegate } = await startDelegating(createSession);
  await session.post('/cert/create', orderBody({ domains: name }));
  const change = { trustocean_id: firstNumber, domain: name, method: 'http' };
  const refused = await session.post('/cert/change_dcv', change);
  assert.equal(refused.result, 'error');
  assert.ok(JSON.stringify(refused).includes(recordOf(name).target), JSON.stringify(refused));
  delegate(name);
  await session.app.advance(60);
  const details = await session.post('/cert/details', { trustocean_id: firstNumber });
  assert.deepEqual([details.cert_status, details.dcv_info[name].status], ['issued_active', 'verified']);
  assert.equal(upstream.orders.length, 1);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodePem } from '../../../src/pki/pem.ts';
import { anyCsr } from '../../support/app.ts';
import { createSession } from './harness.ts';

test('x', async () => {
  const s = await createSession();
  s.app.checks.place('example.com');
  const csr = encodePem('CERTIFICATE REQUEST', await anyCsr());
  const r = await s.call('POST', '/order/certificate/ssl_dv_geotrust?', {
    certificate: { common_name: 'example.com', csr, signature_hash: 'sha256' },
    validity_years: 1,
    dcv_method: 'dns-txt-token',
    skip_approval: true,
  });
  console.log(r.status, r.text);
  await s.app.idle();
  const i = await s.call('GET', `/order/certificate/${r.body.id}`);
  console.log(i.status, JSON.stringify(i.body, null, 1));
});

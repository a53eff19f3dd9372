import { test } from 'node:test';
import { createSession } from './harness.ts';
import { addValidated, orderBody } from './order-states.ts';
test('x', async () => {
  const s = await createSession();
  const v = await addValidated(s);
  const r = await s.call('POST', '/order/certificate/ssl_securesite_flex', orderBody({ organization: { id: v.organization } }, { dns_names: ['sub.example.com'] }));
  console.log(r.status, r.text.slice(0,300));
  await s.app.idle();
  const i = await s.call('GET', `/order/certificate/${r.body.id}/validation`);
  console.log(i.status, JSON.stringify(i.body, null, 1));
  const o = await s.platform.order(s.app.operator, { number: r.body.id });
  console.log(o.issuance.state, o.authorizations);
});

/** Names of organizations at every front door: kept composed (NFC), so that the same name is the same bytes whatever it was typed on. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CoreSession } from '../support/dialect-session.ts';
import * as digicert from './digicert/harness.ts';
import * as encryption365 from './encryption365/harness.ts';
import * as native from './native/session.ts';
import * as racent from './racent/harness.ts';

const typed = ' Cafe\u0301 GmbH ';
const kept = 'Caf\u00e9 GmbH';

type Sender = (name: string) => Promise<Pick<CoreSession, 'app'>>;

const senders: Readonly<Record<string, Sender>> = {
  async encryption365(organization_name) {
    const session = await encryption365.createSession();
    const place = { organization_name, country: 'DE', state: 'BE', city: 'Berlin' };
    assert.equal(
      (await session.post('/cert/create', encryption365.orderBody({ pid: 118, ...place }))).result,
      'success',
    );
    return session;
  },
  async racent(organizationName) {
    const session = await racent.createSession();
    const organizationInfo = { ...racent.organization, organizationName };
    const { administrator } = racent;
    const params = { organizationInfo, Administrator: administrator, tech: administrator, finance: administrator };
    const reply = await session.post('/ssl/place', racent.orderFields({ productCode: 'sectigo-ov', params }));
    assert.equal(reply.code, 1, JSON.stringify(reply));
    return session;
  },
  async digicert(name) {
    const session = await digicert.createSession();
    const body = { name, address: '1 Main', city: 'Berlin', state: 'BE', zip: '10115', country: 'de', telephone: '1' };
    const { status, text } = await session.call('POST', '/organization', body);
    assert.equal(status, 201, text);
    return session;
  },
  async native(name) {
    const session = await native.createSession();
    await session.client.organizations.add({ details: { name, city: 'Berlin', state: 'BE', country: 'DE' } });
    return session;
  },
};

describe('an organization whose name came in two pieces', () => {
  for (const [door, send] of Object.entries(senders)) {
    test(`is kept in one, by ${door}`, async () => {
      const { app } = await send(typed);
      const { items } = await app.ports.organizations.list(app.operator, { limit: 10, offset: 0 });
      assert.deepEqual(
        items.map(({ details }) => details.name),
        [kept],
      );
    });
  }
});

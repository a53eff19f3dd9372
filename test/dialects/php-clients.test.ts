/** Requests as PHP writes them, through every operation that takes a list or an object: the same answer as to the plain ones. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { OrderView } from '../../src/domain/ports/orders.ts';
import { createSession as createDigicert } from './digicert/harness.ts';
import { orderBody } from './digicert/order-states.ts';
import { createSession as createHttpsok, key as httpsokKey } from './httpsok/harness.ts';
import { administrator, createSession as createRacent, orderFields, params } from './racent/harness.ts';
import { application, credentials, servedSession } from './wosign/harness.ts';

/** What `array_filter` leaves of a list whose first item was empty. */
function withGap<T>(items: readonly T[]): Readonly<Record<string, T>> {
  return Object.fromEntries(items.map((item, index) => [String(index + 1), item]));
}

function namesOf({ issuance }: Pick<OrderView, 'issuance'>): readonly string[] {
  return issuance.names.map(({ identifier }) => identifier.value);
}

/** `http_build_query` */
function phpQuery(value: unknown, path = ''): string {
  if (typeof value !== 'object' || value === null)
    return `${encodeURIComponent(path)}=${encodeURIComponent(String(value))}`;
  return Object.entries(value)
    .map(([key, one]) => phpQuery(one, path === '' ? key : `${path}[${key}]`))
    .join('&');
}

describe('httpsok', () => {
  const names = ['a.example.com', '*.example.com'];
  const bodies: Readonly<Record<string, (fields: object) => string>> = {
    'a list with a gap': (fields) => JSON.stringify({ ...fields, domainList: withGap(names) }),
    'a form with places': (fields) => phpQuery({ ...fields, domainList: names }),
    'a form with gaps': (fields) => phpQuery({ ...fields, domainList: withGap(names) }),
    'a form without places': (fields) => `${phpQuery(fields)}&${names.map((name) => `domainList[]=${name}`).join('&')}`,
  };
  for (const [why, body] of Object.entries(bodies)) {
    test(why, async () => {
      const session = await createHttpsok();
      const isForm = !body({}).startsWith('{');
      const headers = {
        OpenApiKey: httpsokKey,
        'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
      };
      await session.delegate(names);
      const delegation = await session.post('/v1/cert/dv', body({ x: 1 }), headers);
      assert.deepEqual(
        delegation.data?.configs.map(({ domain }: { domain: string }) => domain),
        names,
        delegation.msg,
      );
      const applied = await session.post('/v1/cert/apply', body({ algorithm: '', ca: '' }), headers);
      assert.equal(applied.code, 0, applied.msg);
      assert.deepEqual(namesOf(await session.order()), names);
    });
  }
});

describe('wosign', () => {
  const names = ['test.ims.cn', 'www.ims.cn'];
  const { domain_name: _, ...rest } = application();
  const fields = { ...credentials, ...rest };
  const bodies: Readonly<Record<string, string>> = {
    'a list with a gap': JSON.stringify({ ...fields, domain_name: withGap(names) }),
    'a form with places': phpQuery({ ...fields, domain_name: names }),
    'a form with gaps': phpQuery({ ...fields, domain_name: withGap(names) }),
  };
  for (const [why, body] of Object.entries(bodies)) {
    test(why, async () => {
      const session = await servedSession();
      assert.equal((await session.send({ body })).result, 'success');
      assert.deepEqual((await session.orders()).map(namesOf), [names]);
    });
  }
});

describe('racent', () => {
  const list = params.domainInfo;
  const orders: Readonly<Record<string, object>> = {
    'a list with a gap': { domainInfo: withGap(list) },
    'a list of one without its list': { domainInfo: list[0] },
    'a person in a list': { Administrator: [administrator] },
    'nobody in a list': { finance: [], tech: [] },
    'an organization that is an empty list': { organizationInfo: [] },
  };
  for (const [why, change] of Object.entries(orders)) {
    test(why, async () => {
      const session = await createRacent();
      const placed = await session.post('/ssl/place', orderFields({ params: change }));
      assert.equal(placed.code, 1, JSON.stringify(placed));
      const { certId } = placed.data;
      const info = { domainName: 'a.example.com', dcvMethod: 'HTTP_CSR_HASH' };
      for (const path of ['/ssl/updateDCV', '/ssl/batchUpdateDCV']) {
        for (const domainInfo of [withGap([info]), JSON.stringify(withGap([info]))]) {
          const updated = await session.post(path, { certId, domainInfo });
          assert.equal(updated.code, 1, JSON.stringify(updated));
        }
      }
      const form = phpQuery({ api_token: session.token, certId, domainInfo: withGap([info]) });
      assert.equal((await session.postRaw('/ssl/batchUpdateDCV', form)).code, 1);
    });
  }
});

describe('digicert', () => {
  const names = ['a.example.com', 'b.example.com'];
  const changes: Readonly<Record<string, readonly [change: object, certificate: object]>> = {
    'a list with a gap': [{}, { dns_names: withGap(names) }],
    'lists that are empty objects': [{ additional_emails: {}, custom_fields: {} }, { dns_names: names }],
    'objects that are empty lists': [{}, { dns_names: names, server_platform: [] }],
    'an object in a list': [{}, { dns_names: names, server_platform: [{ id: '2' }] }],
    'numbers and flags as texts': [{ order_validity: { years: '1' }, skip_approval: '1' }, { dns_names: names }],
    'nulls and empty texts': [{ comments: null, container: null, additional_emails: null }, { dns_names: names }],
  };
  for (const [why, [change, certificate]] of Object.entries(changes)) {
    test(why, async () => {
      const session = await createDigicert();
      const body = orderBody({ ...change }, { ...certificate });
      const placed = await session.call('POST', '/order/certificate/ssl_dv_geotrust_flex', body);
      assert.equal(placed.status, 201, placed.text);
      const shown = await session.call('GET', `/order/certificate/${placed.body.id}`);
      for (const name of names) assert.ok(shown.body.certificate.dns_names.includes(name), shown.text);
    });
  }
});

/** `POST /api/v1/delegations/check` of a real server, over real DNS: one label for every front door, whatever stands there. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { startWorld, type World } from '../support/world.ts';

const zone = 'acme.example.net';
const name = 'www.customer.example';
const host = `_acme-challenge.${name}`;

let world: World;
let operator: NativeClient;
let account: string;
let openApiKey: string;
before(async () => {
  world = await startWorld({
    aliasZone: {
      // A label is in the zone as the zone answers, however it was written.
      zone: zone.toUpperCase(),
      listen: ['127.0.0.1:0'],
      nameServers: [{ name: 'ns1.example.net' }],
      contact: 'dns@example.net',
    },
  });
  operator = createNativeClient({ baseUrl: world.url, token: world.operatorToken, fetch: (request) => fetch(request) });
  ({ id: account } = await operator.accounts.create({ name: 'customer', currency: 'CNY' }));
  const { clientSettings } = await operator.credentials.create({ account, dialect: 'httpsok', label: 'test' });
  openApiKey = clientSettings.OpenApiKey ?? '';
});
after(() => world.close());

async function wayOf(of: string = name) {
  const { names, stands } = await operator.delegations.check({ account, names: [of] });
  const [way, ...others] = names[0]?.ways ?? [];
  assert.ok(way !== undefined && others.length === 0, 'only the delegation, which httpsok shows with every issuer');
  assert.deepEqual([way.mode, way.issuers, way.stands], ['alias', [], stands]);
  return way;
}

describe('a delegation over real DNS', () => {
  it('has the label that httpsok shows, in the zone of the configuration', async () => {
    const { record } = await wayOf();
    assert.match(record?.value ?? '', /^[0-9a-f]{16}\.acme\.example\.net$/);
    const reply = await fetch(`${world.url}/v1/cert/dv`, {
      method: 'POST',
      headers: { OpenApiKey: openApiKey, 'Content-Type': 'application/json' },
      body: JSON.stringify({ domainList: [name] }),
    });
    const { data } = (await reply.json()) as { data: { configs: { hostValue: string }[] } };
    assert.deepEqual(
      data.configs.map(({ hostValue }) => hostValue),
      [record?.value],
    );
  });

  it('is missing, stands, and is missing again, as the record comes and goes', async () => {
    const { record, problem } = await wayOf();
    assert.match(problem ?? '', /NXDOMAIN/);
    const target = record?.value ?? '';
    world.dns.set(host, 'CNAME', target);
    const there = await wayOf();
    assert.deepEqual([there.stands, there.problem, there.hops], [true, null, [{ name: host, target }]]);
    world.dns.set(host, 'CNAME', 'elsewhere.example');
    const gone = await wayOf();
    assert.equal(gone.stands, false);
    assert.match(gone.problem ?? '', /leads to elsewhere\.example/);
  });

  it('of a resolver that is silent is the operator’s to see to', async () => {
    world.misbehave('silent.example', { udp: () => undefined });
    const { problem, stands } = await wayOf('silent.example');
    assert.equal(stands, false);
    assert.match(problem ?? '', /could not be looked up/);
  });
});

/** `certmux dns check` over the native API and the real core: what is there, what is missing, and what to paste. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createDelegations } from '../../src/app/proving/delegations.ts';
import { createLookUpDelegation } from '../../src/dcv/delegation-standing.ts';
import { formatToken } from '../../src/dialects/native/auth.ts';
import { native } from '../../src/dialects/native/index.ts';
import { reason } from '../../src/domain/errors.ts';
import { parseIdentifier } from '../../src/domain/identifier.ts';
import { type Issuer, isUpstream } from '../../src/domain/ports/issuer.ts';
import type { AcmeMode } from '../../src/domain/relay.ts';
import { delegationOf } from '../../src/pki/delegation.ts';
import { probeAnswer } from '../../src/pki/responder-probe.ts';
import { type Customer, createCustomer, createKey, startTestApp, type TestApp } from '../support/app.ts';
import { openFrontDoor } from '../support/front-door.ts';
import { createNastyUpstream } from '../support/nasty-upstream.ts';
import { createUpstreamIssuer } from '../support/upstream-issuer.ts';
import { createZoneFake, type ZoneFake } from '../support/zone-fake.ts';
import { type CliWorld, run } from './harness.ts';

let app: TestApp;
let customer: Customer;
let zone: ZoneFake;
let tenant: Partial<CliWorld>;
let operator: Partial<CliWorld>;
/** The URL of our account at the CA; null before it is registered. */
let accountUrl: string | null;
let caNames: readonly string[];

const baseUrl = 'https://certs.example';
const name = 'www.example.com';
const host = `_acme-challenge.${name}`;

async function begin(...modes: readonly AcmeMode[]): Promise<void> {
  const clock = () => app.clock;
  const upstream = await createNastyUpstream(clock);
  zone = createZoneFake();
  accountUrl = 'https://ca.example/acct/1';
  caNames = ['ca.example'];
  const upstreams = modes.map((mode) => ({
    ...createUpstreamIssuer(upstream, clock, { id: `ca-${mode}`, mode, terms: { account: mode } }),
    ...(mode === 'persist' ? { persistentNames: async () => ({ issuers: caNames, accountUrl }) } : {}),
  }));
  app = await startTestApp({
    upstreams: upstreams satisfies readonly Issuer[],
    lookUpDelegation: createLookUpDelegation(zone.resolver),
    ...(modes.includes('alias') ? { aliasZone: 'acme.example.net' } : {}),
  });
  customer = await createCustomer(app, { dialect: 'native' });
  const server = openFrontDoor(app, native, { publicUrl: baseUrl, language: 'en' });
  const fetch = (request: Request) => server.fetch(request, { address: '192.0.2.7', requestId: 'req-1' });
  const own = await createKey(app, customer.account, { dialect: 'native', roles: ['requester'] });
  const theirs = await app.ports.credentials.create(app.operator, {
    accountId: null,
    userId: null,
    dialect: 'native',
    label: '',
    roles: ['operator'],
    allowedAddresses: null,
  });
  const worldOf = ({ credential: { publicId }, secret }: typeof own): Partial<CliWorld> => ({
    fetch,
    columns: 250,
    connection: { url: baseUrl, token: formatToken({ publicId, secret }) },
  });
  [tenant, operator] = [worldOf(own), worldOf(theirs)];
}
afterEach(() => app.close());

const targetOf = (text = name) => {
  const { alias } = app.context;
  return delegationOf(customer.account.id, parseIdentifier(text, 'name'), alias ?? assert.fail('a zone')).target;
};

async function check(words: string, world = tenant) {
  const { exitCode, stdout, stderr } = await run(`dns check ${words}`, world);
  return { exitCode, lines: stdout.split('\n').map((line) => line.trim()), stderr };
}

/** The only way of the only name, as programs see it. */
async function wayOf(text = name, world = tenant, more = '') {
  const { exitCode, stdout } = await run(`dns check ${text} --json ${more}`, world);
  const { names, stands } = JSON.parse(stdout);
  assert.equal(names.length, 1);
  assert.deepEqual([exitCode === 0, names[0].ways.length], [stands, 1]);
  return names[0].ways[0];
}

describe('a delegation', () => {
  beforeEach(() => begin('alias'));

  it('that is missing is shown in the forms that people paste, and the exit code says so', async () => {
    const { exitCode, lines, stderr } = await check(name);
    assert.equal(exitCode, 7, stderr);
    const target = targetOf();
    for (const line of [
      `${host} does not exist in DNS (NXDOMAIN); set the record ${host} CNAME ${target}`,
      `${host}. 300 IN CNAME ${target}.`,
      'Cloudflare (example.com)',
      'Name: _acme-challenge.www',
      `Target: ${target}`,
      'Proxy status: DNS only',
      'Aliyun 云解析 (example.com)',
      '主机记录: _acme-challenge.www',
      '记录类型: CNAME',
      `记录值: ${target}`,
      'DNSPod (example.com)',
      `记录值: ${target}.`,
    ]) {
      assert.ok(lines.includes(line), `${line} is in\n${lines.join('\n')}`);
    }
  });

  it('that stands for every name ends with success, and shows no record to set', async () => {
    for (const text of [name, 'example.com']) zone.set(`_acme-challenge.${text}`, 'CNAME', targetOf(text));
    const { exitCode, lines } = await check(`${name} *.example.com`);
    assert.equal(exitCode, 0);
    assert.ok(lines.includes(`found  ${host} CNAME ${targetOf()}`));
    assert.ok(!lines.includes('BIND'));
    zone.remove('_acme-challenge.example.com');
    assert.equal((await check(`${name} *.example.com`)).exitCode, 7, 'one that is missing is enough');
  });

  it('is another for each account: an operator names whose', async () => {
    const other = await createCustomer(app, { dialect: 'native' });
    const of = async (account: Customer['account']) =>
      (await wayOf(name, operator, `--account ${account.number}`)).record.value;
    assert.equal(await of(customer.account), targetOf());
    assert.notEqual(await of(other.account), targetOf());
    assert.match((await check(name, operator)).stderr, /account/);
  });

  const rows: readonly (readonly [what: string, set: () => void, english: RegExp, chinese: RegExp])[] = [
    [
      'leads elsewhere',
      () => zone.set(host, 'CNAME', 'x.other.example'),
      /leads to x\.other\.example, not to/,
      /指向 x\.other\.example，而不是/,
    ],
    [
      'leads to the label of somebody else',
      () => zone.set(host, 'CNAME', '0123456789abcdef.acme.example.net'),
      /leads to 0123456789abcdef\.acme\.example\.net, which is not the label of this account for this name/,
      /不是该账户在此域名下的标签/,
    ],
    [
      'has other records instead',
      () => zone.set(host, 'TXT', 'old'),
      /has TXT "old" and no CNAME record, and a CNAME cannot stand beside other records/,
      /已有其他记录（TXT "old"）/,
    ],
    [
      'has no record at all',
      () => zone.set(`below.${host}`, 'A', '192.0.2.1'),
      /has no CNAME record/,
      /没有 CNAME 记录/,
    ],
    ['leads back to itself', () => zone.set(host, 'CNAME', host), /form a loop/, /形成循环/],
    [
      'is in a zone that answers SERVFAIL',
      () => zone.fail(host, reason('dnsServerFailure', { name: host, rcode: 'SERVFAIL', server: '10.0.0.53' })),
      /the resolver answered SERVFAIL for .*; check the name servers of the domain/,
      /返回 SERVFAIL；请检查该域名的域名服务设置/,
    ],
    [
      'cannot be looked up, since no resolver answers',
      () => zone.fail(host, reason('resolversAway', { servers: '10.0.0.53' })),
      /could not be looked up: .*; it is looked up again, and the operator must see to the resolvers/,
      /暂时无法查询/,
    ],
  ];
  for (const [what, set, english, chinese] of rows) {
    it(`${what}: that is said in both languages, without our resolver's address`, async () => {
      set();
      const way = await wayOf();
      assert.deepEqual([way.stands, way.record.value], [false, targetOf()]);
      assert.match(way.problem, english);
      assert.match((await wayOf(name, { ...tenant, language: 'zh' })).problem, chinese);
      assert.ok(!JSON.stringify(way).includes('10.0.0.53'));
    });
  }

  it('through several records stands, and the page says which front doors do not take it', async () => {
    zone.set(host, 'CNAME', 'dns.provider.example');
    zone.set('dns.provider.example', 'CNAME', targetOf());
    const way = await wayOf();
    assert.deepEqual([way.stands, way.hops.length], [true, 2]);
    assert.match(way.notes[0], /through 2 CNAME records: the upstream follows them/);
  });

  it('beside other records is shown with a warning', async () => {
    zone.set(host, 'CNAME', targetOf());
    zone.set(host, 'TXT', 'old');
    const way = await wayOf();
    assert.deepEqual([way.stands, way.others], [true, [{ type: 'TXT', data: '"old"' }]]);
    assert.match(way.notes[0], /DNS does not allow/);
  });

  it('that leads into an internal zone shows a customer no more than their own record, and the operator all', async () => {
    zone.set(host, 'CNAME', 'host.corp.internal');
    zone.set('host.corp.internal', 'CNAME', 'secret.corp.internal');
    assert.deepEqual((await wayOf()).hops, [{ name: host, target: 'host.corp.internal' }]);
    const seen = await wayOf(name, operator, `--account ${customer.account.number}`);
    assert.equal(seen.hops.at(-1).target, 'secret.corp.internal');
    zone.set('_acme-challenge.app.internal', 'CNAME', 'secret.corp.internal');
    const inside = await wayOf('app.internal');
    assert.deepEqual(inside.hops, []);
    assert.match(inside.problem, /does not lead to the expected record/);
  });

  it('is none for an address', async () => {
    assert.match((await wayOf('192.0.2.1')).problem, /validates by DNS, which proves no address/);
  });
});

describe('what a product needs', () => {
  it('is that of its issuer; nothing, where we check the names ourselves', async () => {
    await begin('alias', 'serve');
    const { exitCode, lines } = await check(`${name} --for encryption365:100`);
    assert.deepEqual([exitCode, lines[0]], [0, `${name}  nothing is needed`]);
    assert.equal((await check(`${name} --for encryption365:none`)).exitCode, 7);
    await app.database.write(async (tx) => {
      const product = (await tx.products.getByCode('encryption365', '100')) ?? assert.fail('a product');
      await tx.products.put({ ...product, issuerId: 'ca-serve' });
    });
    assert.equal((await wayOf(name, tenant, '--for encryption365:100')).mode, 'serve');
  });

  it('is all that some issuer of this server needs, where no product is named', async () => {
    await begin('alias', 'serve', 'persist');
    const { stdout } = await run(`dns check ${name} --json`, tenant);
    const modes = JSON.parse(stdout).names[0].ways.map(({ mode, issuers }: { mode: string; issuers: string[] }) => [
      mode,
      issuers,
    ]);
    assert.deepEqual(modes, [
      ['alias', ['ca-alias']],
      ['serve', ['ca-serve']],
      ['persist', ['ca-persist']],
    ]);
  });
});

describe('our responder', () => {
  const probes: string[] = [];
  /** What answers at port 80 of the name. */
  const answer = (body: (token: string) => string) => {
    app.hooks.answer(200, ({ url }) => {
      probes.push(url);
      return body(url.split('/').at(-1) ?? '');
    });
  };
  beforeEach(() => begin('serve'));

  it('that another web server hides is missing, with the lines for nginx, Apache and Caddy', async () => {
    answer(() => 'my own page');
    const { exitCode, lines } = await check(name);
    assert.equal(exitCode, 7);
    for (const line of [
      'location ^~ /.well-known/acme-challenge/ {',
      'proxy_pass https://certs.example;',
      'ProxyPass "/.well-known/acme-challenge/" "https://certs.example/.well-known/acme-challenge/"',
      `http://${name} {`,
      'reverse_proxy https://certs.example {',
    ]) {
      assert.ok(lines.includes(line), `${line} is in\n${lines.join('\n')}`);
    }
    assert.match((await wayOf()).problem, /is not answered by this server/);
  });

  it('that answers byte for byte stands; a newline more is another answer', async () => {
    const secret = app.context.responderSecret;
    answer((token) => probeAnswer(secret, token) ?? assert.fail('a probe'));
    assert.equal((await wayOf()).stands, true);
    answer((token) => `${probeAnswer(secret, token)}\n`);
    assert.equal((await wayOf()).stands, false);
    assert.match(probes.at(-1) ?? '', new RegExp(`^http://${name}/\\.well-known/acme-challenge/certmux-[0-9a-f]{32}$`));
  });

  it('proves no wildcard', async () => {
    assert.match((await wayOf(`*.${name}`)).problem, /prove no wildcard/);
  });
});

describe('a record that stays', () => {
  beforeEach(() => begin('persist'));
  const persistHost = `_validation-persist.${name}`;

  it('names the CA and our account there, and stands once it does', async () => {
    const way = await wayOf();
    const value = 'ca.example; accounturi=https://ca.example/acct/1';
    assert.deepEqual(way.record, { type: 'TXT', host: persistHost, value, relativeHost: '_validation-persist.www' });
    assert.equal(way.stands, false);
    const { lines } = await check(name);
    assert.ok(lines.includes(`${persistHost}. 300 IN TXT "${value}"`));
    app.checks.placeText(persistHost, value);
    assert.equal((await wayOf()).stands, true);
    const wildcard = await wayOf(`*.${name}`);
    assert.deepEqual([wildcard.stands, wildcard.record.value], [false, `${value}; policy=wildcard`]);
  });

  it('is another for each CA of a pool: one that stands is not enough', async () => {
    const [one] = app.context.issuers.values().filter(({ id }) => id === 'ca-persist');
    assert.ok(one !== undefined && isUpstream(one));
    const persistentNames = async () => ({ issuers: ['other.example'], accountUrl: 'https://other.example/acct/9' });
    const other = { ...one, id: 'other', persistentNames };
    const issuers = new Map<string, Issuer>([['pool', { id: 'pool', members: [one, other] }]]);
    const delegations = createDelegations({ ...app.context, issuers });
    app.checks.placeText(persistHost, 'ca.example; accounturi=https://ca.example/acct/1');
    const [found] = await delegations.check(customer.caller, { names: [parseIdentifier(name, 'name')] });
    assert.deepEqual(
      found?.ways.map(({ issuers: ids, stands }) => [ids, stands]),
      [
        [['ca-persist'], true],
        [['other'], false],
      ],
    );
  });

  it('cannot be known before our account is registered, and that is said', async () => {
    accountUrl = null;
    const way = await wayOf();
    assert.deepEqual([way.stands, way.record], [false, null]);
    assert.match(way.problem, /the CA and our account there, which are not known yet/);
  });

  it('cannot be known while nobody knows the names of the CA, and that is said', async () => {
    caNames = [];
    const way = await wayOf();
    assert.deepEqual([way.stands, way.record], [false, null]);
    assert.match(way.problem, /the CA and our account there, which are not known yet/);
  });
});

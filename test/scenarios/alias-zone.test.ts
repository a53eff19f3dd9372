/**
 * The alias zone as others see it: asked by `dig`, and by a real recursive resolver (unbound), which follows the CNAME of a customer into it
 * as the resolver of a CA does.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { toolEnvironment, toolPath } from '../../scripts/test-tools.ts';
import { type StartedAliasZone, startAliasZone } from '../../src/boot/alias-zone.ts';
import { aliasZoneOf } from '../../src/config/alias-zone.ts';
import { parseConfig } from '../../src/config/load.ts';
import { type LoopbackDns, startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { createClock, createRandomness, createResolver, parseEndpoint } from '../../src/system/index.ts';
import { aliasRecords, countingMeter } from '../support/alias-server.ts';
import { createFakeLog, until } from '../support/system.ts';
import { startUnbound, type Unbound } from '../support/unbound.ts';

const live: Record<string, readonly string[]> = {
  'label.acme.test': ['one', 'two'],
  'deep.hollow.acme.test': ['below'],
  'large.acme.test': Array.from({ length: 20 }, (_, index) => `${index}`.padStart(200, 'v')),
};
const settings = {
  zone: 'acme.test',
  nameServers: [{ name: 'ns1.acme.test', addresses: ['127.0.0.1'] }],
  contact: 'hostmaster@acme.test',
  caa: [],
  ttlSeconds: 1,
};

let zone: StartedAliasZone;
let customer: LoopbackDns;
let unbound: Unbound;
const meter = countingMeter();
before(async () => {
  const options = { settings, records: aliasRecords(live), clock: createClock(), log: createFakeLog(), meter };
  zone = await startAliasZone({ ...options, listen: ['127.0.0.1:0'] });
  customer = await startLoopbackDns({
    records: [
      { name: '_acme-challenge.customer.test', type: 'CNAME', value: 'label.acme.test' },
      { name: '_acme-challenge.new.customer.test', type: 'CNAME', value: 'new.acme.test' },
      { name: '_acme-challenge.large.customer.test', type: 'CNAME', value: 'large.acme.test' },
    ],
  });
  unbound = await startUnbound({ 'customer.test': customer.port, 'acme.test': port() }, 'acme.test');
});
after(async () => {
  await unbound?.close();
  await Promise.all([zone?.close(), customer?.close()]);
});

function port(): number {
  return parseEndpoint(zone.addresses[0] ?? '', 53).port;
}

/** What dig prints. */
async function dig(...args: readonly string[]): Promise<string> {
  const env = { ...process.env, ...toolEnvironment('dig') };
  const all = ['@127.0.0.1', '-p', String(port()), '+tries=1', '+time=5', ...args];
  return (await promisify(execFile)(toolPath('dig'), all, { env })).stdout;
}

describe('dig', () => {
  const status = (code: string) => new RegExp(`status: ${code},`);
  const texts = /^label\.acme\.test\.\s+1\s+IN\s+TXT\s+"one"\nlabel\.acme\.test\.\s+1\s+IN\s+TXT\s+"two"$/m;
  const opt = /^; EDNS: version: 0, flags:; udp: 1232$/m;
  const rows: readonly (readonly [args: string, expected: readonly RegExp[], unexpected?: RegExp])[] = [
    ['label.acme.test TXT', [status('NOERROR'), /flags: qr aa rd; QUERY: 1, ANSWER: 2,/, texts, opt]],
    ['label.acme.test TXT +noedns', [status('NOERROR'), texts], /EDNS/],
    ['label.acme.test TXT +tcp', [status('NOERROR'), texts, /\(TCP\)/]],
    ['label.acme.test TXT +norecurse +dnssec', [/flags: qr aa; QUERY/, /^; EDNS: version: 0, flags: do;/m, texts]],
    ['label.acme.test TXT +cookie +nsid +subnet=192.0.2.0/24 +padding=64 +ednsopt=65001:00', [texts, opt]],
    ['label.acme.test TXT +edns=1 +noednsneg', [status('BADVERS'), /ANSWER: 0/]],
    ['LaBeL.aCmE.tEsT TXT', [/^LaBeL\.aCmE\.tEsT\.\s+1\s+IN\s+TXT\s+"one"$/m]],
    [
      'label.acme.test A',
      [
        status('NOERROR'),
        /ANSWER: 0, AUTHORITY: 1/,
        /^acme\.test\.\s+1\s+IN\s+SOA\s+ns1\.acme\.test\. hostmaster\.acme\.test\. /m,
      ],
    ],
    ['label.acme.test ANY', [/^label\.acme\.test\.\s+3600\s+IN\s+HINFO\s+"RFC8482" ""$/m], /"one"/],
    ['hollow.acme.test TXT', [status('NOERROR'), /ANSWER: 0, AUTHORITY: 1/]],
    ['other.acme.test TXT', [status('NXDOMAIN'), /ANSWER: 0, AUTHORITY: 1/]],
    [
      'acme.test NS',
      [/^acme\.test\.\s+3600\s+IN\s+NS\s+ns1\.acme\.test\.$/m, /^ns1\.acme\.test\.\s+3600\s+IN\s+A\s+127\.0\.0\.1$/m],
    ],
    ['acme.test CAA', [status('NOERROR'), /ANSWER: 0/]],
    ['example.com A', [status('REFUSED')]],
    ['version.bind TXT CH', [status('REFUSED')]],
    ['acme.test SOA +opcode=notify', [status('NOTIMP')]],
    ['acme.test SOA +opcode=update', [status('NOTIMP')]],
    ['acme.test SOA +header-only', [status('FORMERR')]],
    ['large.acme.test TXT +ignore', [status('NOERROR'), /flags: qr tc rd; QUERY: 1, ANSWER: 0/]],
    ['large.acme.test TXT', [status('NOERROR'), /flags: qr aa rd; QUERY: 1, ANSWER: 20/, /\(TCP\)/]],
    ['acme.test AXFR', [/Transfer failed/]],
  ];
  for (const [args, expected, unexpected] of rows) {
    test(args, async () => {
      const output = await dig(...args.split(' '));
      for (const pattern of expected) assert.match(output, pattern);
      if (unexpected !== undefined) assert.doesNotMatch(output, unexpected);
      assert.doesNotMatch(output, /malformed|extra bytes|mismatch|parser/i);
    });
  }

  test('several questions over one connection', async () => {
    const output = await dig('+tcp', '+keepopen', '+short', 'label.acme.test', 'TXT', 'deep.hollow.acme.test', 'TXT');
    assert.equal(output, '"one"\n"two"\n"below"\n');
  });
});

describe('a recursive resolver', () => {
  const signal = new AbortController().signal;
  const resolver = () => createResolver({ servers: [unbound.endpoint], random: createRandomness(), timeoutMs: 5000 });
  async function textsOf(name: string): Promise<readonly string[] | string> {
    const outcome = await resolver().query(name, 'TXT', signal);
    if (!outcome.ok) return outcome.problem.key;
    const texts = outcome.records.filter(({ type }) => type === 'TXT').map(({ data }) => data);
    return texts.length > 0 ? texts.toSorted() : outcome.rcode;
  }

  test('follows the CNAME of a customer to all values', async () => {
    const outcome = await resolver().query('_acme-challenge.customer.test', 'TXT', signal);
    assert.ok(outcome.ok, JSON.stringify(outcome));
    assert.deepEqual(outcome.records.map(({ name, type, data }) => `${name} ${type} ${data}`).toSorted(), [
      '_acme-challenge.customer.test CNAME label.acme.test',
      'label.acme.test TXT one',
      'label.acme.test TXT two',
    ]);
  });

  test('sees a value that was not there before once its TTL is over, and no longer than that', async () => {
    assert.equal(await textsOf('_acme-challenge.new.customer.test'), 'NXDOMAIN');
    live['new.acme.test'] = ['value'];
    await until(
      async () => (await textsOf('_acme-challenge.new.customer.test')) !== 'NXDOMAIN',
      'the value is seen',
      5000,
    );
    assert.deepEqual(await textsOf('_acme-challenge.new.customer.test'), ['value']);
    delete live['new.acme.test'];
    await until(async () => (await textsOf('_acme-challenge.new.customer.test')) === 'NXDOMAIN', 'it is gone', 5000);
  });

  test('comes over TCP for what a datagram does not hold', async () => {
    assert.deepEqual(await textsOf('_acme-challenge.large.customer.test'), live['large.acme.test']?.toSorted());
    assert.ok(meter.counted.includes('udp truncated'));
    assert.ok(meter.counted.includes('tcp NOERROR'));
  });

  test('gets what CAs ask for besides: types that a name does not have, and names above live ones', async () => {
    for (const type of ['CAA', 'A', 'AAAA', 'NS', 'SOA'] as const) {
      const outcome = await resolver().query('label.acme.test', type, signal);
      assert.ok(
        outcome.ok && outcome.rcode === 'NOERROR' && outcome.records.length === 0,
        `${type} ${JSON.stringify(outcome)}`,
      );
    }
    assert.equal(await textsOf('hollow.acme.test'), 'NOERROR');
    assert.deepEqual(await textsOf('deep.hollow.acme.test'), ['below']);
    const caa = await resolver().query('_acme-challenge.customer.test', 'CAA', signal);
    assert.ok(caa.ok && caa.rcode === 'NOERROR');
  });
});

describe('docs/alias-zone.md', () => {
  const root = join(import.meta.dirname, '..', '..');
  const page = readFileSync(join(root, 'docs', 'alias-zone.md'), 'utf8');
  const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  /** What is asked of a name server by its address; the others go through resolvers of the Internet. */
  const commands = [...page.matchAll(/^dig @\S+ (.+)$/gm)].map(([, args = '']) => args);

  test('has commands that the zone of its own example answers as it says', async () => {
    const { aliasZone } = parseConfig(example, 'alias-zone.md');
    assert.ok(aliasZone !== undefined && commands.length === 3);
    const options = {
      ...aliasZoneOf(aliasZone),
      records: aliasRecords({}),
      clock: createClock(),
      log: createFakeLog(),
    };
    const documented = await startAliasZone({ ...options, meter, listen: ['127.0.0.1:0'] });
    try {
      const at = String(parseEndpoint(documented.addresses[0] ?? '', 53).port);
      const outputs = await Promise.all(commands.map((args) => dig('-p', at, ...args.split(' '))));
      const [soa = '', servers = '', nothing = ''] = outputs;
      assert.match(soa, /flags: qr aa rd; QUERY: 1, ANSWER: 1,/);
      assert.match(servers, /flags: qr aa rd; QUERY: 1, ANSWER: 2, AUTHORITY: 0, ADDITIONAL: 3/);
      assert.match(nothing, /status: NXDOMAIN/);
      // The records to set in the parent zone are those that the zone has.
      for (const [, name, type, value] of page.matchAll(/^\| `([^`]+)` \| (NS|A) \| `([^`]+)` \|$/gm)) {
        assert.match(servers, new RegExp(`^${name}\\.\\s+3600\\s+IN\\s+${type}\\s+${value}\\.?$`, 'm'));
      }
    } finally {
      await documented.close();
    }
  });
});

/**
 * Two versions of the httpsok agent with a real nginx and the real server: the first run, which says what to do; the one that brings
 * the certificates; one that changes nothing; and, after months, the renewal.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { toolPath } from '../../scripts/test-tools.ts';
import { createNativeClient } from '../../src/dialects/native/client.ts';
import { decodePemBundle } from '../../src/pki/pem.ts';
import { type LoopbackDns, startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { type Nginx, type NginxOptions, startNginx } from '../support/nginx.ts';
import { type AgentOptions, type AgentRun, runAgent } from '../support/nginx-agent.ts';
import { freePort, operatorToken, type ServerProcess, startServerProcess } from '../support/server-process.ts';

interface Machine {
  readonly agent: Pick<AgentOptions, 'version' | 'sends' | 'machine'>;
  readonly configuration: NginxOptions;
  /** Names that each certificate file of `preparse` has to serve, relative to nginx's folder. */
  readonly sites: readonly { readonly file: string; readonly names: readonly string[] }[];
  /** Records that a person has to set. */
  readonly records: readonly string[];
  /** What `check` says of sites that are left out. */
  readonly leftOut: readonly RegExp[];
}

const machines: readonly Machine[] = [
  {
    agent: { version: '1.18.2', sends: 'print', machine: '4E1F7BBB-DE8A-4EEB-B331-426DE5BD79B4' },
    configuration: {
      http: 'include sites/*.conf;',
      files: {
        'sites/shop.conf': `server { listen 127.0.0.1:{port} ssl; server_name shop.example.com www.shop.example.com;
          ssl_certificate {home}/cert/shop.cer; ssl_certificate_key {home}/cert/shop.key; }`,
        'sites/wild.conf': `server { listen 127.0.0.1:{port} ssl; server_name *.wild.example.org;
          ssl_certificate cert/wild.cer; ssl_certificate_key cert/wild.key; }`,
        'sites/variable.conf': `server { listen 127.0.0.1:{port} ssl; server_name variable.example.com;
          ssl_certificate {home}/cert/$ssl_server_name.cer; ssl_certificate_key {home}/cert/$ssl_server_name.key; }`,
      },
      certificates: ['cert/shop', 'cert/wild'],
    },
    sites: [
      { file: 'cert/shop.cer', names: ['shop.example.com', 'www.shop.example.com'] },
      { file: 'cert/wild.cer', names: ['a.wild.example.org'] },
    ],
    records: [
      '_acme-challenge.shop.example.com',
      '_acme-challenge.www.shop.example.com',
      '_acme-challenge.wild.example.org',
    ],
    leftOut: [/^ssl_certificate "\S+\/cert\/\$ssl_server_name\.cer" cannot be used: .*\n$/],
  },
  {
    agent: { version: '1.9.0', sends: 'files' },
    configuration: {
      // Inherited, by paths relative to the folder of nginx.conf.
      http: 'ssl_certificate old/all.cer; ssl_certificate_key old/all.key;\ninclude {home}/conf.d/*.conf;',
      files: {
        'conf.d/a.conf':
          'server { listen 127.0.0.1:{port} ssl; server_name a.example.net; }\nserver { listen 127.0.0.1:{port} ssl; server_name b.example.net; }',
      },
      certificates: ['old/all'],
    },
    sites: [{ file: 'old/all.cer', names: ['a.example.net', 'b.example.net'] }],
    records: ['_acme-challenge.a.example.net', '_acme-challenge.b.example.net'],
    leftOut: [],
  },
];

/** The certificates last 90 days; the agent asks for the next one 14 days before the end. */
const monthsLaterDays = 80;

let directory: string;
let port: number;
let dns: LoopbackDns;
let server: ServerProcess;
let token: string;
let orderCount: () => Promise<number>;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'certmux-agent-'));
  [port, dns] = [await freePort(), await startLoopbackDns()];
  server = await startServer();
  const operator = createNativeClient({
    baseUrl: server.url,
    token: await operatorToken(directory),
    fetch: (request) => fetch(request),
  });
  const { id: account } = await operator.accounts.create({ name: 'customer', currency: 'CNY' });
  const { clientSettings } = await operator.credentials.create({ account, dialect: 'httpsok', label: 'agents' });
  token = clientSettings.OpenApiKey ?? '';
  orderCount = async () => (await operator.orders.list({ limit: 100 })).items.length;
});
after(async () => {
  await server.stop();
  await dns.close();
  await rm(directory, { recursive: true, force: true });
});

/** @param atDays the server's clock, from now */
function startServer(atDays = 0): Promise<ServerProcess> {
  const config = {
    publicUrl: `http://127.0.0.1:${port}`,
    dns: { resolvers: [`127.0.0.1:${dns.port}`] },
    dialects: { httpsok: { language: 'en' } },
  };
  const clock = { LD_PRELOAD: toolPath('libfaketime'), FAKETIME: `+${atDays}d`, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
  return startServerProcess({ directory, port, isCheap: true, config, environment: atDays === 0 ? {} : clock });
}

const running = new Map<Machine, Nginx>();
after(async () => {
  for (const nginx of running.values()) await nginx.close();
});

function nginxOf(machine: Machine): Nginx {
  return running.get(machine) ?? assert.fail('nginx runs');
}

function runOn(machine: Machine): Promise<AgentRun> {
  return runAgent({ ...machine.agent, baseUrl: `${server.url}/v1/nginx`, token, nginx: nginxOf(machine) });
}

async function serials(machine: Machine): Promise<readonly string[]> {
  const names = machine.sites.flatMap((site) => site.names);
  const certificates = await Promise.all(names.map((name) => nginxOf(machine).certificateFor(name)));
  return certificates.map(({ serialNumber }) => serialNumber);
}

const contents = (machine: Machine) =>
  Promise.all(machine.sites.map(({ file }) => readFile(join(nginxOf(machine).home, file), 'utf8')));

/** The run wrote the file of each site, and nginx shows what is in it, for each name and under this server's root. */
async function assertServed(machine: Machine, done: AgentRun): Promise<void> {
  const nginx = nginxOf(machine);
  assert.deepEqual(done.written.toSorted(), machine.sites.map(({ file }) => join(nginx.home, file)).toSorted());
  assert.ok(done.isReloaded, 'nginx -t is content, and the reload');
  const rootsPem = await (await fetch(`${server.url}/pki/root.pem`)).text();
  const roots = decodePemBundle(rootsPem, 'roots').map(({ der }) => new X509Certificate(der));
  for (const { file, names } of machine.sites) {
    const { serialNumber } = new X509Certificate(await readFile(join(nginx.home, file)));
    for (const name of names) {
      const shown = await nginx.certificateFor(name);
      assert.equal(shown.serialNumber, serialNumber);
      const [leaf, issuer] = [new X509Certificate(shown.raw), new X509Certificate(shown.issuerCertificate.raw)];
      assert.ok(leaf.checkHost(name) !== undefined, `${leaf.subjectAltName} is for ${name}`);
      assert.ok(leaf.verify(issuer.publicKey), 'nginx shows the issuer too');
      assert.ok(
        roots.some((root) => issuer.checkIssued(root) && issuer.verify(root.publicKey)),
        'the chain leads to a root',
      );
    }
  }
}

async function assertUnchanged(machine: Machine): Promise<void> {
  const [filesBefore, shownBefore, ordersBefore] = [
    await contents(machine),
    await serials(machine),
    await orderCount(),
  ];
  const done = await runOn(machine);
  assert.deepEqual(
    done.checks.slice(0, machine.sites.length),
    machine.sites.map(() => '3'),
  );
  assert.deepEqual([done.dns, done.written, done.isReloaded], ['3', [], false]);
  assert.deepEqual(await contents(machine), filesBefore);
  assert.deepEqual(await serials(machine), shownBefore);
  assert.equal(await orderCount(), ordersBefore);
}

describe('an agent on its first days', () => {
  for (const machine of machines) {
    describe(machine.agent.version, () => {
      before(async () => {
        running.set(machine, await startNginx(machine.configuration));
      });

      it('says which records to set, and which sites it leaves out', async () => {
        const done = await runOn(machine);
        assert.equal(done.rows.length, machine.sites.length + machine.leftOut.length, done.rows.join('\n'));
        const checks = done.checks.slice(0, machine.sites.length);
        assert.deepEqual(
          checks,
          machine.sites.map(() => '12'),
        );
        for (const [index, pattern] of machine.leftOut.entries()) {
          assert.match(done.checks[machine.sites.length + index] ?? '', pattern);
        }
        assert.deepEqual([done.written, done.isReloaded], [[], false]);
        const records = [...done.dns.matchAll(/^(\S+) is not a CNAME to (\S+);/gm)];
        assert.deepEqual(
          records.map(([, host]) => host),
          machine.records,
        );
        // The person sets what the script has shown.
        for (const [, host = '', target = ''] of records) dns.set(host, 'CNAME', target);
      });

      it('brings the certificates, which nginx loads', async () => {
        const done = await runOn(machine);
        assert.equal(done.dns, '3');
        await assertServed(machine, done);
      });

      it('changes nothing on the next day', () => assertUnchanged(machine));
    });
  }
});

describe('the same agent after months', () => {
  before(async () => {
    assert.equal(await server.stop(), 0);
    server = await startServer(monthsLaterDays);
  });

  for (const machine of machines) {
    it(`${machine.agent.version} renews, and nginx shows the new certificates`, async () => {
      const [filesBefore, ordersBefore] = [await contents(machine), await orderCount()];
      await assertServed(machine, await runOn(machine));
      const filesAfter = await contents(machine);
      for (const [index, after] of filesAfter.entries()) {
        const [oldEnd, newEnd] = [filesBefore[index] ?? '', after].map((pem) => new X509Certificate(pem).validToDate);
        assert.ok(Number(newEnd) - Number(oldEnd) > 70 * 86_400_000, `${newEnd} is months after ${oldEnd}`);
      }
      assert.equal(await orderCount(), ordersBefore + machine.sites.length);
      await assertUnchanged(machine);
    });
  }
});

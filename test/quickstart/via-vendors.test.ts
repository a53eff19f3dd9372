/** The quickstart whose certificates are bought through a vendor's API: each API in front and each vendor behind at least once. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { quickstartApis, runQuickstart } from '../../src/quickstart/index.ts';
import { cheapSecrets } from '../support/cheap-secrets.ts';
import { createCollector } from './collector.ts';

const secrets = cheapSecrets();
let directory = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'certmux-test-vendors-'));
});
after(() => rm(directory, { recursive: true }));

const names = ['quickstart.example', 'www.quickstart.example'];
const wildcard = '*.apps.quickstart.example';

interface Expected {
  readonly api: string;
  readonly via: string;
  readonly names: readonly string[];
  /** Steps between the account and the use of the certificate, as they are ticked. */
  readonly steps: readonly string[];
  /** Who has looked for each name: `PROVED BY`, `ANSWERED BY`. */
  readonly evidence: RegExp;
}

const expected: readonly Expected[] = [
  {
    api: 'encryption365',
    via: 'racent',
    names: [...names, wildcard],
    steps: [
      ...['POST /client/create', 'POST /account/products', 'Key and CSR', 'POST /cert/create', "Vendor's challenges"],
      ...['Proofs placed', 'POST /cert/details'],
    ],
    evidence: /^ {2}\*\.apps\.quickstart\.example +DNS CNAME +seen by Racent$/m,
  },
  {
    api: 'digicert',
    via: 'encryption365',
    names: [...names, wildcard],
    steps: [
      ...['Key and CSR', 'POST order/certificate', "Vendor's challenges", 'Proofs placed', 'GET order/certificate'],
    ],
    evidence: /^ {2}www\.quickstart\.example +DNS CNAME +seen by TrustOcean Encryption365$/m,
  },
  {
    api: 'acme',
    via: 'digicert',
    names: [...names, wildcard],
    steps: [
      ...['Domains at the vendor', 'Domains validated', 'POST new-account', 'Key and CSR', 'POST new-order'],
      ...['Proofs placed', 'POST challenge', 'POST order, finalize'],
    ],
    evidence: /^ {2}www\.quickstart\.example +HTTP file +127\.0\.0\.1:\d+$/m,
  },
  {
    api: 'wosign',
    via: 'wosign',
    names,
    steps: ["Vendor's file to serve", 'Key and CSR', 'Proofs placed', 'POST /', 'POST / by handle_id'],
    evidence: /^ {2}www\.quickstart\.example +HTTP file +127\.0\.0\.1:\d+$/m,
  },
];

const tickedIn = (text: string) => text.split('\n').flatMap((line) => /^ {2}✓ (.{22}) /.exec(line)?.[1]?.trim() ?? []);

async function assertBought(folder: string, all: readonly string[]): Promise<void> {
  const leaf = new X509Certificate(await readFile(join(folder, 'fullchain.pem')));
  assert.match(leaf.issuer, /^O=Quickstart Upstream$/m);
  assert.deepEqual(leaf.subjectAltName?.split(', ').toSorted(), all.map((name) => `DNS:${name}`).toSorted());
  assert.ok(leaf.checkPrivateKey(createPrivateKey(await readFile(join(folder, 'privkey.pem')))));
  const args = ['verify', '-x509_strict', '-CAfile', 'root.pem', '-untrusted', 'fullchain.pem', 'fullchain.pem'];
  assert.equal((await promisify(execFile)('openssl', args, { cwd: folder })).stdout, 'fullchain.pem: OK\n');
  const left = ['certmux.log', 'fullchain.pem', 'privkey.pem', 'root.pem', 'upstream.log'];
  assert.deepEqual((await readdir(folder)).toSorted(), left);
  for (const name of ['certmux.log', 'upstream.log']) {
    const log = await readFile(join(folder, name), 'utf8');
    assert.match(log, /certmux has stopped/);
    assert.doesNotMatch(log, /"level":"error"/);
  }
}

for (const { api, via, names: all, steps, evidence } of expected) {
  test(`--api ${api} --via ${via} ends with a certificate of the vendor's server`, async () => {
    const folder = join(directory, `${api}-${via}`);
    const terminal = createCollector();
    assert.equal(
      await runQuickstart({ secrets, keep: false, api, via, directory: folder }, terminal),
      0,
      terminal.text(),
    );
    const text = terminal.text();
    assert.deepEqual(tickedIn(text).slice(5), [...steps, 'Chain verified', 'HTTPS connection']);
    assert.match(text, evidence);
    await assertBought(folder, all);
    const issued = text
      .split('\n')
      .flatMap((line) => /^ {2}(\w+) +certificate\.issued +serial (\S+)$/.exec(line)?.slice(1) ?? []);
    assert.deepEqual([issued[0], issued[2], issued[3]], ['upstream', 'certmux', issued[1]], text);
    assert.match(text, /^ {2}Bought +\S+, in mode (relay|standing|signfile): order \S+ there$/m);
    assert.match(text, /^ {2}less docs\/upstreams\.md /m);
  });
}

test('--api all --via httpsok plays the APIs whose orders may come without a CSR, and says why the others cannot', async () => {
  const folder = join(directory, 'all');
  const terminal = createCollector();
  const options = { secrets, keep: false, api: 'all', via: 'httpsok', directory: folder };
  assert.equal(await runQuickstart(options, terminal), 0, terminal.text());
  assert.deepEqual((await readdir(folder)).toSorted(), ['httpsok', 'racent']);
  for (const api of ['httpsok', 'racent']) await assertBought(join(folder, api), [...names, wildcard]);
  const text = terminal.text();
  assert.ok(!tickedIn(text).includes('Key and CSR'), 'the vendor makes the key');
  assert.deepEqual(
    text.split('\n').flatMap((line) => /^--api (\w+) --via httpsok cannot work: \S/.exec(line)?.[1] ?? []),
    quickstartApis.filter((api) => api !== 'httpsok' && api !== 'racent'),
  );
});

test('a pair that cannot work is refused with its reason, before anything is started', async () => {
  const rows = [
    ['wosign', 'racent', 'racent validates names itself, by dnsCname, httpFile, httpsFile, email, and wosign cannot'],
    ['digicert', 'httpsok', 'httpsok makes the key itself, and orders through digicert always come with a CSR'],
  ] as const;
  for (const [api, via, why] of rows) {
    const terminal = createCollector();
    await assert.rejects(runQuickstart({ secrets, keep: false, api, via }, terminal), (thrown: Error) => {
      assert.ok(thrown.message.startsWith(`--api ${api} --via ${via} cannot work: `), thrown.message);
      assert.ok(thrown.message.includes(why), thrown.message);
      return true;
    });
    assert.equal(terminal.text(), '');
  }
});

describe('--via all', () => {
  let text = '';
  before(async () => {
    const terminal = createCollector();
    assert.equal(await runQuickstart({ secrets, keep: false, api: 'encryption365', via: 'all' }, terminal), 0);
    text = terminal.text();
  });

  const cellsOf = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());

  test('prints the table of docs/pairs.md', async () => {
    const page = await readFile(join(import.meta.dirname, '..', '..', 'docs', 'pairs.md'), 'utf8');
    const [table = ''] = page.split('\n\n').filter((part) => part.startsWith('| way out, mode |'));
    const [titles = '', , ...rows] = table.split('\n');
    const printed =
      text
        .split('\n\n')[1]
        ?.split('\n')
        .map((line) => line.trim().split(/ {2,}/)) ?? [];
    assert.deepEqual(printed[0]?.slice(2), cellsOf(titles).slice(1));
    const wanted = rows.map(cellsOf).map(([way = '', ...cells]) => {
      const [name = '', mode = 'own'] = way.replaceAll('`', '').split(', ');
      return [name, mode, ...cells];
    });
    assert.ok(wanted.length > 9);
    assert.deepEqual(printed.slice(1), wanted);
  });

  test('and the reason for each pair that cannot work', () => {
    const dashes = text.split('\n\n')[1]?.match(/–/g)?.length;
    const reasons = text.match(/^\w+, \w+ \(relay\): this product cannot be ordered/gm)?.length;
    assert.ok(reasons !== undefined && reasons > 0);
    assert.equal(reasons, dashes);
  });
});

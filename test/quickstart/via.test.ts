import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
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
  directory = await mkdtemp(join(tmpdir(), 'certmux-test-via-'));
});
after(() => rm(directory, { recursive: true }));

describe('--via acme', () => {
  /** What each API was played with. */
  let plays: ReadonlyMap<string, readonly string[]> = new Map();
  before(async () => {
    // One after the other: each looks for free ports before its servers take them.
    const played: (readonly [string, readonly string[]])[] = [];
    for (const api of quickstartApis) {
      const terminal = createCollector();
      const options = { secrets, keep: false, api, via: 'acme', directory: join(directory, api) };
      assert.equal(await runQuickstart(options, terminal), 0, terminal.text());
      played.push([api, terminal.text().split('\n')]);
    }
    plays = new Map(played);
  });
  const linesOf = (api: string) => plays.get(api) ?? assert.fail(`${api} was not played`);

  test('has a second server and the issuer of the products in its set-up', () => {
    const ticked = linesOf('encryption365').flatMap((line) => /^ {2}✓ (.{22}) /.exec(line)?.[1]?.trim() ?? []);
    assert.deepEqual(ticked.slice(0, 5), [
      "Customer's servers",
      'The CA, by ACME',
      'certmux',
      'Issuer of products',
      'Account and user',
    ]);
  });

  for (const api of quickstartApis) {
    test(`through ${api} the certificate is the upstream's, for all names`, async () => {
      const folder = join(directory, api);
      const leaf = new X509Certificate(await readFile(join(folder, 'fullchain.pem')));
      assert.match(leaf.issuer, /^O=Quickstart Upstream$/m);
      const names = ['quickstart.example', 'www.quickstart.example'];
      const hasWildcard = api !== 'wosign' && api !== 'acme';
      const all = hasWildcard ? [...names, '*.apps.quickstart.example'] : names;
      assert.equal(leaf.subjectAltName, all.map((name) => `DNS:${name}`).join(', '));
      const args = ['verify', '-x509_strict', '-CAfile', 'root.pem', '-untrusted', 'fullchain.pem', 'fullchain.pem'];
      assert.equal((await promisify(execFile)('openssl', args, { cwd: folder })).stdout, 'fullchain.pem: OK\n');
    });

    test(`through ${api} the CA found the proofs in the alias zone, and both servers logged the certificate`, () => {
      const lines = linesOf(api);
      const cnames = lines.flatMap(
        (line) => / CNAME +_acme-challenge\S+ +([0-9a-f]{16}\.acme\.certs\.example)$/.exec(line)?.[1] ?? [],
      );
      const texts = lines.filter((line) =>
        /^ {2}upstream +authorization\.proved +_acme-challenge\.\S+ TXT "[\w-]{43}"$/.test(line),
      );
      const count = api === 'wosign' || api === 'acme' ? 2 : 3;
      assert.deepEqual([new Set(cnames).size, texts.length], [count, count]);
      assert.ok(lines.includes(`  Alias zone  acme.certs.example, where the CA found the proofs of ${count} names`));
      assert.match(
        lines.join('\n'),
        /^ {2}Issuer {6}upstream, an ACME CA at http:\/\/127\.0\.0\.1:\d+\/acme\/default\/directory$/m,
      );
      const issued = lines.flatMap(
        (line) => /^ {2}(\w+) +certificate\.issued +serial (\S+)$/.exec(line)?.slice(1) ?? [],
      );
      const [upstream, serial, certmux, same] = issued;
      assert.deepEqual([upstream, certmux, same], ['upstream', 'certmux', serial]);
    });

    test(`through ${api} only what is said is left, and neither server complained`, async () => {
      const folder = join(directory, api);
      const left = ['certmux.log', 'fullchain.pem', 'privkey.pem', 'root.pem', 'upstream.log'];
      assert.deepEqual((await readdir(folder)).toSorted(), left);
      for (const name of ['certmux.log', 'upstream.log']) {
        const log = await readFile(join(folder, name), 'utf8');
        assert.match(log, /certmux has stopped/);
        assert.doesNotMatch(log, /"level":"(warn|error)"/);
      }
    });
  }

  test('ends with a page on alias zones', () => {
    assert.match(linesOf('acme').join('\n'), /^ {2}less docs\/alias-zone\.md /m);
  });
});

test('another way out is refused, and the known ones are named', async () => {
  const terminal = createCollector();
  await assert.rejects(
    runQuickstart({ secrets, keep: false, api: 'wosign', via: 'vendor' }, terminal),
    /^Error: the quickstart cannot get certificates via "vendor"; it knows acme, digicert, encryption365, httpsok, racent, wosign, and all for the table$/,
  );
  assert.equal(terminal.text(), '');
});

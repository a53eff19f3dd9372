/** A CA that lives for ten years says where its lists are: asked before it is made, by every command that makes one. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { createLocalCommands } from '../../src/boot/local-commands.ts';
import { firstStartText } from '../../src/boot/welcome.ts';
import type { LocalCommands } from '../../src/cli/local.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { parseConfig } from '../../src/config/load.ts';
import { CertError, renderReason } from '../../src/domain/errors.ts';
import { startCertmux } from '../../src/main.ts';
import type { Environment } from '../../src/system/index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'certmux-pki-url-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function commands(): LocalCommands {
  const environment = {
    variables: {},
    program: [],
    workingDirectory: folder,
    resolvers: ['127.0.0.1'],
    addresses: [],
    arguments: [],
  };
  const terminal = { language: 'en', isTty: false, colours: false, stdout: () => {}, stderr: () => {} };
  return createLocalCommands(environment as unknown as Environment, terminal as unknown as Terminal);
}

function configFile(settings: object): string {
  const path = join(folder, 'certmux.yaml');
  writeFileSync(path, JSON.stringify(settings));
  return path;
}

const clean = { authority: { pkiUrl: 'http://pki.example.com/pki' }, log: { level: 'silent' } };
const refusals: readonly (readonly [settings: object, message: RegExp])[] = [
  [{}, /^no CA is made: http:\/\/127\.0\.0\.1:8080\/pki .* only this machine reaches; set authority\.pkiUrl/],
  [{ listen: ['http://0.0.0.0:8080'] }, /^no CA is made: http:\/\/0\.0\.0\.0:8080\/pki .* no machine/],
  [{ publicUrl: 'https://certs.example.com' }, /^no CA is made: https:\/\/certs\.example\.com\/pki .* https address/],
  [{ authority: { pkiUrl: 'http://localhost/pki/' } }, /^no CA is made: http:\/\/localhost\/pki /],
];

describe('an address that nobody else can use', () => {
  for (const [settings, message] of refusals) {
    test(`is refused by the first start, init and config check: ${JSON.stringify(settings)}`, async () => {
      const config = configFile(settings);
      await assert.rejects(commands().init({ config }), { message });
      await assert.rejects(commands().serve({ config, listen: '127.0.0.1:0' }), (thrown) => {
        assert.ok(thrown instanceof CertError);
        assert.match(thrown.message, /^no CA is made/);
        assert.match(renderReason(thrown.reason, 'zh'), /^未创建 CA：http\S+ 将写入 CA 的证书并保留十年，但它/);
        return true;
      });
      assert.ok(!existsSync(join(folder, 'data', 'operator.json')));
      const { problems } = await commands().checkConfig(config);
      assert.equal(problems.length, 1);
      assert.match(
        problems[0] ?? '',
        /^authority\.pkiUrl: http.* would stand in the certificates of the CA for ten years/,
      );
    });
  }

  test('is refused by init without a configuration file as well', async () => {
    await assert.rejects(commands().init({}), /where do others reach this server/);
    assert.ok(!existsSync(join(folder, 'certmux.yaml')));
  });

  test('is taken with the flag, and the server starts on with what was made, telling of it', async () => {
    const made = await commands().init({ allowLocalPkiUrl: true });
    assert.equal(made.made.length, 4);
    assert.equal((await commands().init({})).isNew, false, 'what is there stays');

    const lines: string[] = [];
    const warnings = () =>
      lines.filter((line) => /revocation lists are at/.test(line)).map((line) => JSON.parse(line).msg);
    const start = async (settings: object) => {
      lines.length = 0;
      const text = JSON.stringify({ listen: ['http://127.0.0.1:0'], dataDirectory: join(folder, 'data'), ...settings });
      const logSink = { write: (line: string) => lines.push(line) };
      const certmux = await startCertmux({
        config: parseConfig(text, 'test'),
        systemResolvers: ['127.0.0.1'],
        logSink,
      });
      await certmux.stop();
    };
    await start({});
    assert.match(warnings()[0], /^certificates say that revocation lists are at http:\/\/127\.0\.0\.1:0\/pki, which/);
    await start({ authority: { pkiUrl: 'http://pki.example.com/pki' } });
    assert.equal(warnings().length, 2, 'of the intermediates, which cannot be changed');
    assert.match(warnings()[0], /^the CA certificate .* TLS CA .* http:\/\/127\.0\.0\.1:8080\/pki.* only a new CA/);
    await start({ authority: { allowLocalPkiUrl: true } });
    assert.deepEqual(warnings(), []);
    const { problems } = await commands().checkConfig(configFile({}));
    assert.deepEqual(problems, [], 'the CA is made already');
  });
});

test('a clean address makes a CA without a word', async () => {
  const config = configFile(clean);
  assert.deepEqual((await commands().checkConfig(config)).problems, []);
  assert.equal((await commands().init({ config })).made.length, 4);
  assert.ok(readFileSync(join(folder, 'data', 'operator.json')).length > 0);
});

test('the command line calls a listener without TLS: the certificate of the other is trusted nowhere yet', async () => {
  const listen = ['https://0.0.0.0:8443', 'http://127.0.0.1:8080'];
  const config = configFile({ ...clean, listen, tls: { selfServed: ['certs.example.com'] } });
  await commands().init({ config });
  assert.equal(JSON.parse(readFileSync(join(folder, 'data', 'operator.json'), 'utf8')).url, listen[1]);
});

test('a CA that one outside is to sign: config check and init say what it needs', async () => {
  const config = configFile({ ...clean, authority: { ...clean.authority, root: 'outside' } });
  const { problems, warnings } = await commands().checkConfig(config);
  assert.deepEqual(problems, []);
  assert.match(
    warnings.join(),
    /^authority\.root: the CA .* has no certificate yet.*certmux ca request.*certmux ca install/,
  );
  const made = await commands().init({ config });
  assert.deepEqual(made.made, []);
  assert.match(made.ca ?? '', /^the CA of this server has no certificate yet/);
  assert.match((await commands().init({ config })).ca ?? '', /^the CA/, 'also where init is repeated');
});

describe('the banner of the first start', () => {
  const firstOperator = { username: 'operator', password: 'p', publicId: 'i', secret: 's' };
  const banner = (settings: object) =>
    firstStartText(
      { urls: ['http://127.0.0.1:8080'], firstOperator },
      {
        config: parseConfig(JSON.stringify(settings), 'test'),
        program: './bin/certmux',
        masterKeyFile: undefined,
        usualDataDirectory: './data',
      },
      { colours: false },
    );

  test('says that a CA that only this machine can check is for trying out, and what to set', () => {
    assert.match(
      banner({}),
      /This CA is for trying out\.\n\n.*http:\/\/127\.0\.0\.1:8080\/pki,\s+which is an\s+address that only this machine reaches/,
    );
    assert.match(banner({}), /set\s+authority\.pkiUrl/);
    assert.doesNotMatch(banner(clean), /trying out/);
  });

  test('of a CA that one outside is to sign leads to its certificate, and not to its root, which is not there', () => {
    const outside = banner({ authority: { ...clean.authority, root: 'outside' } });
    assert.match(outside, /\n {2}\.\/bin\/certmux ca request --output ca\.csr\n/);
    assert.match(outside, /ca install ca\.pem root\.pem/);
    assert.doesNotMatch(outside, /root install/);
    assert.match(banner(clean), /certmux root install/);
  });
});

/** Files that a configuration names: what is wrong with each is found by `config check`, with its setting, line and way out, before a start stops at it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';
import { fileProblems } from '../../src/boot/file-problems.ts';
import { createLocalCommands } from '../../src/boot/local-commands.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { parseConfig } from '../../src/config/load.ts';
import { configSchema } from '../../src/config/schema.ts';
import { fileSetting } from '../../src/config/vendor-problems.ts';
import { vendorKinds } from '../../src/config/vendor-section.ts';
import { vendorOf } from '../../src/dialects/registry.ts';
import type { Language } from '../../src/domain/language.ts';
import type { Environment } from '../../src/system/index.ts';
import { certmux } from '../support/command-line.ts';

const noKeys = { masterKeyText: undefined, masterKeyOldText: undefined };
let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'certmux-files-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const none = () => join(folder, 'none');
function file(name: string, text: string, mode = 0o600): string {
  writeFileSync(join(folder, name), text, { mode });
  return join(folder, name);
}

const acme = { kind: 'acme', directory: 'https://ca.example.com/directory', termsAgreed: true, mode: 'serve' };
const racent = { kind: 'racent', products: { 'tls-dv': 'dv' } };
const mail = { host: 'smtp.example.com', from: 'certs@example.com', user: 'certs' };
const tlsFiles = (certificateFile: string, keyFile: string) => ({
  listen: ['https://127.0.0.1:0'],
  tls: { certificateFile, keyFile },
});

/** Every setting that names a file to read, each alone with one that is not there. */
const settings = (): Readonly<Record<string, object>> => ({
  masterKeyFile: { masterKeyFile: none() },
  masterKeyOldFile: { masterKeyOldFile: none() },
  'tls.certificateFile': tlsFiles(none(), file('key.pem', 'a key')),
  'tls.keyFile': tlsFiles(file('chain.pem', 'a chain'), none()),
  'mail.caFile': { mail: { host: mail.host, from: mail.from, caFile: none() } },
  'mail.passwordFile': { mail: { ...mail, passwordFile: none() } },
  'alarms.webhook.tokenFile': { alarms: { webhook: { url: 'https://alerts.example.com/', tokenFile: none() } } },
  'issuers.x.externalKey.hmacKeyFile': {
    issuers: { x: { ...acme, externalKey: { keyId: 'k', hmacKeyFile: none() } } },
  },
  'issuers.x.caFile': { issuers: { x: { ...acme, caFile: none() } } },
  ...Object.fromEntries(
    vendorKinds.flatMap((kind) => {
      const { credentials } = vendorOf(kind);
      const whole = {
        kind,
        url: 'https://api.example.com',
        products: { 'tls-dv': kind === 'httpsok' ? 'google' : '1' },
        credentials: Object.fromEntries(credentials.map(({ name }) => [name, 'text'])),
      };
      const { name: first = '' } = credentials.find(({ isSecret }) => isSecret) ?? {};
      const own = credentials
        .filter(({ isSecret }) => isSecret)
        .map(({ name }) => {
          const { [name]: _inPlace, ...others } = whole.credentials;
          const setting = fileSetting(name);
          return [
            `issuers.${kind}.credentials.${setting}`,
            { issuers: { [kind]: { ...whole, credentials: { ...others, [setting]: none() } } } },
          ] as const;
        });
      assert.notEqual(first, '', kind);
      return [...own, [`issuers.${kind}.caFile`, { issuers: { [kind]: { ...whole, caFile: none() } } }] as const];
    }),
  ),
});

describe('a file that is not there is found, with its setting', () => {
  test('for every setting that names one, each by itself', async () => {
    for (const [setting, section] of Object.entries(settings())) {
      const problems = await fileProblems(parseConfig(JSON.stringify(section), 'certmux.yaml'), noKeys);
      const found = problems.filter((problem) => problem.message.en === `${none()} does not exist; check the path`);
      assert.deepEqual(
        found.map(({ path }) => path.join('.')),
        [setting],
      );
      assert.deepEqual(
        found.map(({ message }) => message.zh),
        [`文件 ${none()} 不存在，请检查路径`],
      );
    }
  });

  test('and these are all: a setting that is added to the schema is added there too', () => {
    const named = [...new Set(namesOf(z.toJSONSchema(configSchema, { io: 'input' })))].filter(
      (name) => /File$/.test(name) && name !== 'wildcardByFile',
    );
    const known = new Set(Object.keys(settings()).map((path) => path.split('.').at(-1)));
    assert.deepEqual(
      named.filter((name) => !known.has(name)),
      [],
    );
    assert.ok(named.length >= 8, named.join());
  });
});

/** The names of all settings in a JSON schema. */
function namesOf(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const properties = 'properties' in schema && typeof schema.properties === 'object' ? schema.properties : null;
  return [...Object.keys(properties ?? {}), ...Object.values(schema).flatMap(namesOf)];
}

describe('config check', () => {
  const rows: readonly (readonly [why: string, settings: () => object, en: RegExp, zh: RegExp])[] = [
    [
      'a credential that everybody can read',
      () => ({ issuers: { x: { ...racent, credentials: { api_tokenFile: file('open', 'secret', 0o644) } } } }),
      /^issuers\.x\.credentials\.api_tokenFile: \S+open has mode 0644, .* run chmod 640 \S+open \(line 1\)$/,
      /^issuers\.x\.credentials\.api_tokenFile：\S+open 的权限为 0644，/,
    ],
    [
      'a credential with a typographic quote',
      () => ({ issuers: { x: { ...racent, credentials: { api_tokenFile: file('odd', '“secret”') } } } }),
      /^issuers\.x\.credentials\.api_tokenFile: \S+odd holds characters that no key has, .*console of the vendor/,
      /含有密钥中不会出现的字符/,
    ],
    [
      'a key of an external account that is none',
      () => ({ issuers: { x: { ...acme, externalKey: { keyId: 'k', hmacKeyFile: file('words', 'no key at all') } } } }),
      /^issuers\.x\.externalKey\.hmacKeyFile: \S+words is not base64url; copy/,
      /不是 base64url/,
    ],
    [
      'a password that is empty',
      () => ({ mail: { ...mail, passwordFile: file('empty', '\n') } }),
      /^mail\.passwordFile: \S+empty is empty; put/,
      /为空/,
    ],
    [
      'a certificate that is none',
      () => tlsFiles(file('chain', 'none'), file('key', 'none')),
      /^tls\.certificateFile: \S+chain is not a certificate in PEM/,
      /不是 PEM 格式的证书/,
    ],
    [
      'a master key that is none',
      () => ({ masterKeyFile: file('master', 'none') }),
      /^masterKeyFile: \S+master does not hold 32 bytes as base64/,
      /内容不是 base64 编码的 32 字节/,
    ],
    [
      'a folder',
      () => ({ mail: { host: mail.host, from: mail.from, caFile: folder } }),
      /^mail\.caFile: \S+certmux-files-\S+ is a folder/,
      /是目录/,
    ],
  ];
  for (const [why, section, en, zh] of rows) {
    test(`names ${why}, and none of its text`, async () => {
      for (const [language, expected] of [
        ['en', en],
        ['zh', zh],
      ] as const) {
        const { problems, sold } = await check(section(), language);
        assert.equal(problems.length, 1, problems.join('\n'));
        assert.match(problems[0] ?? '', expected);
        assert.doesNotMatch(problems.join(), /secret/);
        assert.deepEqual(sold, []);
      }
    });
  }

  test('takes the files that are what they should be, and does not look for a master key that the environment has', async () => {
    const credentials = { api_tokenFile: file('token', 'secret\n', 0o640) };
    const whole = {
      masterKeyFile: none(),
      mail: { ...mail, passwordFile: file('word', 'x') },
      issuers: { x: { ...racent, credentials } },
    };
    assert.deepEqual((await check(whole, 'en', { CERTMUX_MASTER_KEY: 'x' })).problems, []);
    assert.equal((await check(whole, 'en')).problems.length, 1);
  });

  test('says so on the command line, in Chinese to whom reads it, with the line, and ends with 7', async () => {
    const path = file(
      'certmux.yaml',
      `authority: { allowLocalPkiUrl: true }\nissuers:\n  shop:\n    kind: racent\n    products: { tls-dv: dv }\n    credentials:\n      api_tokenFile: ${none()}\n`,
    );
    const outcome = await certmux(['config', 'check', path], {
      workingDirectory: folder,
      variables: { LANG: 'zh_CN.UTF-8' },
    });
    assert.equal(outcome.code, 7);
    assert.match(
      outcome.stdout,
      /issuers\.shop\.credentials\.api_tokenFile：文件 \S+none 不存在，请检查路径（第 7 行）/,
    );
  });
});

async function check(section: object, language: Language, variables: Readonly<Record<string, string>> = {}) {
  const environment = { variables, program: [], workingDirectory: folder };
  const terminal = { language } as unknown as Terminal;
  const path = file('checked.yaml', JSON.stringify({ authority: { allowLocalPkiUrl: true }, ...section }));
  return createLocalCommands(environment as unknown as Environment, terminal).checkConfig(path);
}

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { firstConfig, privateRanges } from '../../src/boot/first-config.ts';
import { createLocalCommands } from '../../src/boot/local-commands.ts';
import type { InitOptions, LocalCommands } from '../../src/cli/local.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { parseFirstConfig } from '../../src/config/load.ts';
import { type Environment, readEnvironment } from '../../src/system/index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'certmux-init-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const machine = { addresses: ['203.0.113.7', '192.168.1.5'], resolvers: ['127.0.0.53', '[fd00::1]:5353'] };

function commands(language: 'en' | 'zh' = 'en'): LocalCommands {
  const environment: Environment = { ...readEnvironment(), ...machine, variables: {}, workingDirectory: folder };
  const terminal = { language, isTty: false, colours: false, stdout: () => {}, stderr: () => {} };
  return createLocalCommands(environment, terminal as unknown as Terminal);
}

const file = () => join(folder, 'certmux.yaml');

describe('the configuration file that init writes', () => {
  const parsed = (options: InitOptions, on: Parameters<typeof firstConfig>[1] = machine) =>
    parseFirstConfig(firstConfig({ dataDirectory: './data', ...options }, on), 'test');

  test('for a private network has its resolvers, its addresses, and TLS for the others in it', () => {
    const config = parsed({ privateNetwork: true });
    assert.deepEqual(config.dns.resolvers, machine.resolvers);
    assert.deepEqual(config.validation.dangerAllowAddresses, privateRanges);
    assert.deepEqual(config.listen, ['http://0.0.0.0:8080', 'https://0.0.0.0:8443']);
    assert.deepEqual(config.tls, { selfServed: ['192.168.1.5'] });
    assert.equal(config.publicUrl, 'https://192.168.1.5:8443');
    assert.equal(config.authority.pkiUrl, 'http://192.168.1.5:8080/pki');
  });

  test('takes what is named instead', () => {
    const config = parsed({
      privateNetwork: true,
      listen: '0.0.0.0:9000',
      resolver: ['10.0.0.53'],
      allow: ['127.0.0.0/8'],
    });
    assert.deepEqual(config.dns.resolvers, ['10.0.0.53']);
    assert.deepEqual(config.validation.dangerAllowAddresses, [...privateRanges, '127.0.0.0/8']);
    assert.deepEqual(config.listen, ['http://0.0.0.0:9000']);
    assert.equal(config.authority.pkiUrl, 'http://192.168.1.5:9000/pki');
  });

  test('makes a CA to try out where nobody else reaches this machine', () => {
    for (const options of [{ privateNetwork: true, listen: '127.0.0.1:9000' }, { allowLocalPkiUrl: true }] as const) {
      assert.equal(parsed(options).authority.allowLocalPkiUrl, true);
    }
    assert.equal(parsed({ privateNetwork: true }, { addresses: [], resolvers: [] }).authority.allowLocalPkiUrl, true);
  });

  test('opens no private addresses unless that is wanted', () => {
    const config = parsed({ pkiUrl: 'http://pki.example.com/pki' });
    assert.deepEqual(config.validation.dangerAllowAddresses, []);
    assert.deepEqual(config.dns.resolvers, []);
    assert.equal(config.authority.pkiUrl, 'http://pki.example.com/pki');
  });

  test('reads as YAML whatever stands in it', () => {
    assert.equal(parsed({ pkiUrl: 'http://pki.example.com/pki', data: 'a: b # "c"' }).dataDirectory, './data');
    const text = firstConfig({ allowLocalPkiUrl: true, dataDirectory: 'a: b # "c"' }, machine);
    assert.equal(parseFirstConfig(text, 'test').dataDirectory, 'a: b # "c"');
  });
});

describe('init', () => {
  test('writes the file, makes the CA that it says, and serves by it', async () => {
    const made = await commands().init({ privateNetwork: true });
    assert.equal(made.configFile, file());
    assert.equal(made.made.length, 4);
    assert.equal(made.url, 'http://0.0.0.0:8080');
    assert.deepEqual((await commands().checkConfig(file())).problems, []);
    const again = await commands().init({});
    assert.deepEqual([again.isNew, again.configFile], [false, null]);
  });

  test('never writes over a file unless it is forced to', async () => {
    const mine = '# mine\nauthority:\n  pkiUrl: http://pki.example.com/pki\n';
    writeFileSync(file(), mine);
    await assert.rejects(commands().init({ privateNetwork: true }), { code: 'conflict', message: /exists|already/ });
    await assert.rejects(commands('zh').init({ privateNetwork: true }), { message: /已存在/ });
    assert.equal(readFileSync(file(), 'utf8'), mine);
    assert.ok(!existsSync(join(folder, 'data')));
    await commands().init({ privateNetwork: true, force: true });
    assert.match(readFileSync(file(), 'utf8'), /192\.168\.1\.5/);
  });

  test('changes nothing where a setting is wrong, or it cannot start', async () => {
    const wrong: readonly InitOptions[] = [
      { privateNetwork: true, resolver: ['dns.example.com'] },
      { privateNetwork: true, allow: ['everything'] },
      { pkiUrl: 'https://pki.example.com/pki' },
      { pkiUrl: 'pki.example.com' },
      { pkiUrl: 'http://localhost/pki' },
      { privateNetwork: true, listen: '8080' },
    ];
    for (const options of wrong) {
      await assert.rejects(commands().init(options));
      assert.ok(!existsSync(file()), JSON.stringify(options));
      assert.ok(!existsSync(join(folder, 'data')), JSON.stringify(options));
    }
    // A file stands where the data directory would be.
    writeFileSync(join(folder, 'taken'), '');
    await assert.rejects(commands().init({ privateNetwork: true, data: 'taken' }));
    assert.ok(!existsSync(file()));
  });
});

/** Every file of config/ is a configuration that certmux starts with. Only addresses and paths are changed for it. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { checkServerIdentity as checkIdentity, type PeerCertificate, connect as tlsConnect } from 'node:tls';
import { parse } from 'yaml';
import { isVendorSection } from '../../src/config/issuers.ts';
import { parseConfig } from '../../src/config/load.ts';
import { unknownProducts } from '../../src/config/pairs.ts';
import { pkiUrlOf } from '../../src/config/pki-url.ts';
import { type ConfigFile, dialectSettings } from '../../src/config/schema.ts';
import { dialects, vendors } from '../../src/dialects/registry.ts';
import { objectionToPkiUrl } from '../../src/domain/pki-url.ts';
import { createEmbeddedIssuer } from '../../src/issuers/embedded/index.ts';
import { createSealedKeyStore, type SealedPlace } from '../../src/issuers/embedded/sealed-key-store.ts';
import { startCertmux } from '../../src/main.ts';
import { parseCertificate } from '../../src/pki/certificate.ts';
import { type LoopbackDns, startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { issued, newCsr, requestFor, sealerOf } from '../issuers/embedded/support.ts';
import { openTempDatabase } from '../support/database.ts';
import { selfSigned } from '../support/self-signed.ts';
import { createFakeClock, createFakeLog, createFakeRandomness } from '../support/system.ts';

const directory = join(import.meta.dirname, '..', '..', 'config');
const files = readdirSync(directory).filter((name) => name.endsWith('.yaml'));
const read = (name: string) => readFileSync(join(directory, name), 'utf8');

let folder: string;
const masterKey = randomBytes(32).toString('base64');
/** The resolvers of the examples are not here, and a server says so. */
let dns: LoopbackDns;

before(async () => {
  dns = await startLoopbackDns();
  folder = mkdtempSync(join(tmpdir(), 'certmux-config-'));
  const { cert, key } = await selfSigned('certs.example.com');
  writeFileSync(join(folder, 'fullchain.pem'), cert);
  writeFileSync(join(folder, 'privkey.pem'), key, { mode: 0o640 });
  writeFileSync(join(folder, 'master.key'), masterKey, { mode: 0o600 });
  writeFileSync(join(folder, 'password'), 'secret\n', { mode: 0o600 });
  writeFileSync(join(folder, 'credential'), 'secret-of-a-vendor\n', { mode: 0o640 });
});
after(async () => {
  await dns.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The same on free loopback ports, with its files in the test's own folder. */
function moved(config: ConfigFile, name: string): ConfigFile {
  const here = join(folder, name);
  // A CA is made once for all but the first, whose URLs are its own: RSA keys take seconds.
  const made = join(folder, 'made');
  if (existsSync(made)) cpSync(made, here, { recursive: true });
  else mkdirSync(here);
  const { tls, log, mail, aliasZone, issuers } = config;
  const resolver = `${dns.address}:${dns.port}`;
  return {
    ...config,
    listen: config.listen.map((url) => `${new URL(url).protocol}//127.0.0.1:0`),
    ...(config.serve && { serve: { listen: config.serve.listen.map(() => 'http://127.0.0.1:0') } }),
    ...(config.aliasZone && { aliasZone: { ...config.aliasZone, listen: ['127.0.0.1:0'] } }),
    dataDirectory: here,
    dns: { ...config.dns, resolvers: config.dns.resolvers.map(() => resolver) },
    masterKeyFile: join(folder, 'master.key'),
    issuers: Object.fromEntries(Object.entries(issuers).map(([id, issuer]) => [id, withFiles(issuer)])),
    ...(aliasZone === undefined ? {} : { aliasZone: { ...aliasZone, listen: ['127.0.0.1:0'] } }),
    ...(mail?.passwordFile === undefined ? {} : { mail: { ...mail, passwordFile: join(folder, 'password') } }),
    log: { ...log, ...(log.file === undefined ? {} : { file: join(here, 'certmux.log') }) },
    ...(tls !== undefined && 'certificateFile' in tls
      ? { tls: { certificateFile: join(folder, 'fullchain.pem'), keyFile: join(folder, 'privkey.pem') } }
      : {}),
  };
}

/** With the test's own file in place of each that holds a credential. */
function withFiles(issuer: ConfigFile['issuers'][string]): ConfigFile['issuers'][string] {
  if (!isVendorSection(issuer)) return issuer;
  const credentials = Object.entries(issuer.credentials).map(([name, value]) => [
    name,
    name.endsWith('File') ? join(folder, 'credential') : value,
  ]);
  return { ...issuer, credentials: Object.fromEntries(credentials) };
}

interface Answer {
  readonly status: number | undefined;
  readonly text: string;
}

function get(url: string, host?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const headers = host === undefined ? {} : { Host: host };
    send(url, { headers, rejectUnauthorized: false, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode, text }));
    })
      .on('error', reject)
      .end();
  });
}

/** Whether a client that trusts only this CA accepts the server as that name. */
async function isTrustedAs(url: string, name: string, ca: string): Promise<boolean> {
  const port = Number(new URL(url).port);
  const checkServerIdentity = (_: string, certificate: PeerCertificate) => checkIdentity(name, certificate);
  const socket = tlsConnect({ port, host: '127.0.0.1', ca, checkServerIdentity });
  try {
    await once(socket, 'secureConnect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** What such a server makes and signs, with keys of a quick kind. */
async function quickCa(config: ConfigFile) {
  const temp = await openTempDatabase();
  const system = { clock: createFakeClock(), random: createFakeRandomness() };
  const stored = new Map<string, Uint8Array>();
  const files: SealedPlace = {
    read: async (name) => stored.get(name),
    write: async (name, seal) => void stored.set(name, seal()),
  };
  const keyStore = createSealedKeyStore({ place: files, keySealer: sealerOf() });
  const issuer = await createEmbeddedIssuer({
    issuerId: 'embedded',
    organization: config.authority.organization,
    caaDomains: config.authority.caaIdentities,
    keyStore: { ...keyStore, create: (keyId) => keyStore.create(keyId, 'P-256') },
    database: temp.database,
    ...system,
    log: createFakeLog(),
    pkiUrl: pkiUrlOf(config),
    allowLocalPkiUrl: config.authority.allowLocalPkiUrl,
  });
  const csr = await newCsr();
  const leaf = await issued(issuer, requestFor(system, issuer, csr));
  const authorities = (await temp.database.read.authorities.list()).map(({ certificate }) => certificate);
  await temp.remove();
  return { authorities, leaf };
}

test('there are examples, and one of each vendor', () => {
  assert.ok(files.length >= 6, files.join(' '));
  for (const { kind } of vendors) assert.ok(files.includes(`${kind}-upstream.yaml`), kind);
});

for (const name of files) {
  describe(name, () => {
    const config = parseConfig(read(name), name);

    test('starts, answers on every listener, and stops', async () => {
      const lines: string[] = [];
      const certmux = await startCertmux({
        config: moved(config, name),
        systemResolvers: [`${dns.address}:${dns.port}`],
        logSink: { write: (line: string) => lines.push(line) },
      });
      try {
        assert.equal(certmux.urls.length, config.listen.length);
        for (const url of certmux.urls) {
          assert.deepEqual(await get(`${url}/readyz`), { status: 200, text: '{"status":"ready"}' });
          assert.match((await get(`${url}/pki/root.pem`)).text, /^-----BEGIN CERTIFICATE-----\n/);
          assert.equal((await get(`${url}/metrics`)).status, config.metricsFrom.includes('::1') ? 200 : 403);
          for (const { name: dialect } of dialects) {
            for (const host of dialectSettings(config, dialect).hosts) {
              const { text } = await get(`${url}/anywhere`, host);
              assert.doesNotMatch(text, /^certmux: nothing answers/, `${dialect} answers on ${host}`);
            }
          }
        }
        const { tls } = config;
        if (tls !== undefined && 'selfServed' in tls) {
          const [url = ''] = certmux.urls.filter((one) => one.startsWith('https:'));
          const ca = (await get(`${url}/pki/root.pem`)).text;
          for (const served of tls.selfServed) assert.equal(await isTrustedAs(url, served, ca), true, served);
          assert.equal(await isTrustedAs(url, 'other.example', ca), false);
        }
        assert.equal(certmux.publicUrl, config.publicUrl ?? config.listen.map((url) => url.replace(/\d+$/, '0'))[0]);
      } finally {
        await certmux.stop();
      }
      await assert.rejects(get(`${certmux.urls[0]}/readyz`), { code: 'ECONNREFUSED' });
      const bad = lines.filter((line) => /"level":("(warn|error)"|[45]0)/.test(line));
      assert.deepEqual(bad, []);
      const isShared = !config.authority.allowLocalPkiUrl && !existsSync(join(folder, 'made'));
      if (isShared) cpSync(join(folder, name), join(folder, 'made'), { recursive: true });
    });

    test('makes a CA and certificates that say where others find revocation lists and issuers', async () => {
      const { authorities, leaf } = await quickCa(config);
      const said = [...authorities, leaf].flatMap((der) => {
        const { crlUrls, caIssuersUrls } = parseCertificate(der);
        return [...crlUrls, ...caIssuersUrls];
      });
      assert.equal(said.length, 6, 'of two intermediates and a leaf');
      const faults = said.map(objectionToPkiUrl);
      if (config.authority.allowLocalPkiUrl) assert.ok(faults.every((fault) => fault?.includes('only this machine')));
      else assert.deepEqual(new Set(faults), new Set([undefined]), said.join(' '));
    });

    test('names products that some front door has', () => assert.deepEqual(unknownProducts(config), []));

    test('explains itself: most of its lines are comments or values with one above', () => {
      const lines = read(name).split('\n');
      assert.ok(lines[0]?.startsWith('# '), 'the first line says what it is for');
      assert.ok(lines.every((line) => line.length <= 125));
      const sections = Object.keys(parse(read(name)));
      assert.ok(lines.filter((line) => /^\s*#/.test(line)).length >= sections.length);
    });
  });
}

test('development.yaml spells out every default and changes none.', () => {
  const defaults = parseConfig('', 'none');
  const spelled = parseConfig(read('development.yaml'), 'development.yaml');
  const { dialects: spelledDialects, ...rest } = spelled;
  const { dialects: _, ...defaultRest } = defaults;
  // As `npm start` without a configuration file has it.
  const authority = { ...defaults.authority, allowLocalPkiUrl: true };
  assert.deepEqual(rest, { ...defaultRest, authority });
  for (const { name } of dialects) {
    const settings = dialectSettings(spelled, name);
    assert.deepEqual(settings, dialectSettings(defaults, name));
    const own = Object.keys(typeof settings.own === 'object' && settings.own !== null ? settings.own : {});
    const section = (spelledDialects as Record<string, object>)[name] ?? {};
    assert.deepEqual(Object.keys(section).toSorted(), ['enabled', 'hosts', ...own].toSorted());
  }
  // What is parsed has defaults filled in; what is written must have them all too.
  const written: unknown = parse(read('development.yaml'));
  assert.deepEqual(written, JSON.parse(JSON.stringify(spelled)));
});

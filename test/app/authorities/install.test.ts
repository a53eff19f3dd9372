/** What a CA outside hands back, good and bad: `openssl ca` makes all of it, and a refusal leaves everything as it was. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { AuthorityRequest } from '../../../src/domain/authority.ts';
import type { ReasonKey } from '../../../src/domain/messages/index.ts';
import type { CaFile } from '../../../src/domain/ports/authorities.ts';
import { context, element, sequence } from '../../../src/pki/der-writer.ts';
import { fileText } from '../../../src/pki/file-text.ts';
import { encodePem } from '../../../src/pki/pem.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import {
  goodExtensions,
  type OutsideCa,
  type OutsideCaOptions,
  type Subordinate,
  startOutsideCa,
} from '../../support/outside-ca.ts';
import { refused } from '../../support/refused.ts';

const without = (start: string) => goodExtensions.filter((line) => !line.startsWith(start));
const instead = (start: string, line: string) => [...without(start), line];

interface Bad {
  readonly why: string;
  readonly reason: ReasonKey;
  readonly root?: OutsideCaOptions;
  readonly signed?: Subordinate;
  /** Files, made of the certificate and the root. */
  readonly files?: (certificate: string, root: string) => readonly string[];
}

/** OpenSSL writes no empty DNS name. */
const subtree = (kind: number, ...bytes: readonly number[]) => sequence([element(kind, [Uint8Array.from(bytes)])]);
const none = [subtree(0x82), subtree(0x87, ...Array<number>(8).fill(0)), subtree(0x87, ...Array<number>(32).fill(0))];
const everything = sequence([context(1, none)]).toString('hex');

const usage = 'keyUsage = critical,keyCertSign';

const rows: readonly Bad[] = [
  { why: 'no PEM at all', reason: 'pemMalformed', files: () => ['nothing'] },
  {
    why: 'a list instead of a certificate',
    reason: 'noCertificateInFile',
    files: () => [encodePem('X509 CRL', Buffer.of(0x30, 0))],
  },
  {
    why: 'bytes that are no certificate',
    reason: 'derMalformed',
    files: () => [encodePem('CERTIFICATE', Buffer.of(0x30, 0))],
  },
  { why: 'only the root', reason: 'certificateForNoKey', files: (_, root) => [root] },
  {
    why: 'a leaf',
    reason: 'certificateNoCa',
    signed: { extensions: instead('basicConstraints', 'basicConstraints = CA:FALSE') },
  },
  { why: 'no basicConstraints', reason: 'certificateNoCa', signed: { extensions: without('basicConstraints') } },
  { why: 'no cRLSign', reason: 'certificateLacksUsage', signed: { extensions: instead('keyUsage', usage) } },
  { why: 'no key usage', reason: 'certificateLacksUsage', signed: { extensions: without('keyUsage') } },
  {
    why: 'a root with path length 0',
    reason: 'pathTooShort',
    root: { basicConstraints: 'critical,CA:TRUE,pathlen:0' },
  },
  {
    why: 'only clientAuth',
    reason: 'purposeNotAllowed',
    signed: { extensions: instead('extendedKeyUsage', 'extendedKeyUsage = clientAuth') },
  },
  {
    why: 'an unknown critical extension',
    reason: 'extensionUnknownCritical',
    signed: { extensions: [...goodExtensions, '1.2.3.4 = critical,ASN1:NULL'] },
  },
  {
    why: 'constraints that exclude everything',
    reason: 'constraintsExcludeAll',
    root: { extensions: [`nameConstraints = critical,DER:${everything}`] },
  },
  {
    why: 'a name that the root does not allow',
    reason: 'subjectOutsideConstraints',
    root: { extensions: ['nameConstraints = critical,permitted;dirName:allowed', '[allowed]', 'O = Somebody else'] },
  },
  {
    why: 'no subject key identifier',
    reason: 'keyIdMissing',
    signed: { extensions: instead('subjectKeyIdentifier', 'subjectKeyIdentifier = none') },
  },
  { why: 'the serial number 0', reason: 'caSerialUnfit', signed: { serial: '00' } },
  { why: 'a serial number of 21 octets', reason: 'caSerialUnfit', signed: { serial: '41'.repeat(21) } },
  { why: 'SHA-1', reason: 'signatureTooWeak', signed: { digest: 'sha1' } },
  { why: 'a root with 1024 bits', reason: 'authorityKeyUnfit', root: { key: ['-newkey', 'rsa:1024'] } },
  { why: 'not begun yet', reason: 'caNotYetValid', signed: { startsAt: '20990101000000Z', days: 30_000 } },
  { why: 'over in ten days', reason: 'caTooShort', signed: { days: 10 } },
  { why: 'without the root', reason: 'issuerCertificateMissing', files: (certificate) => [certificate] },
  {
    why: 'twice, signed twice',
    reason: 'certificatesForOneKey',
    files: (certificate, root) => [certificate, root, 'again'],
  },
];

const asTheyAre = (certificate: string, root: string): readonly string[] => [certificate, root];

describe('a certificate that cannot be used', () => {
  for (const { why, reason, root, signed, files = asTheyAre } of rows) {
    test(`${why}: ${reason}`, async () => {
      await using world = await open(root);
      const { app, ca, request } = world;
      const certificate = await ca.sign(csrOf(request), signed);
      const texts = files(certificate, ca.certificate);
      const given = await Promise.all(texts.map((text) => (text === 'again' ? ca.sign(csrOf(request), signed) : text)));
      const rowsBefore = await app.tables();
      await assert.rejects(app.ports.authorities.install(app.operator, { files: named(given) }), refused(reason));
      assert.deepEqual(await app.tables(), rowsBefore, 'nothing half done');
    });
  }

  test('another CA of the same name: issuerKeyDiffers, or notSignedByIssuer where nothing says which key', async () => {
    await using world = await open();
    await using other = await open();
    const { app, ca, request } = world;
    const certificate = await ca.sign(csrOf(request));
    const files = named([certificate, other.ca.certificate]);
    await assert.rejects(app.ports.authorities.install(app.operator, { files }), refused('issuerKeyDiffers'));
    const unnamed = await ca.sign(csrOf(request), {
      extensions: instead('authorityKeyIdentifier', 'authorityKeyIdentifier = none'),
    });
    const wrong = named([unnamed, other.ca.certificate]);
    await assert.rejects(app.ports.authorities.install(app.operator, { files: wrong }), refused('notSignedByIssuer'));
  });
});

describe('a certificate that can be used', () => {
  let world: Awaited<ReturnType<typeof open>>;
  before(async () => {
    world = await open({ extensions: ['nameConstraints = permitted;DNS:example.com'] });
  });
  after(() => world[Symbol.asyncDispose]());

  test('A dry run changes nothing, and says what would.', async () => {
    const { app, ca, request } = world;
    const files = named([ca.certificate, await ca.sign(csrOf(request))]);
    const rowsBefore = await app.tables();
    const { authorities, isDryRun } = await app.ports.authorities.install(app.operator, { files, isDryRun: true });
    assert.deepEqual([isDryRun, authorities.map(({ change }) => change)], [true, ['made', 'made']]);
    assert.deepEqual(await app.tables(), rowsBefore);
  });

  test('Installed twice it is there once.', async () => {
    const { app, ca, request } = world;
    const files = named([ca.certificate + (await ca.sign(csrOf(request)))]);
    await app.ports.authorities.install(app.operator, { files });
    const again = await app.ports.authorities.install(app.operator, { files });
    assert.deepEqual(
      again.authorities.map(({ change }) => change),
      ['kept', 'kept'],
    );
    assert.deepEqual(await app.ports.authorities.requests(app.operator), []);
    const made = (await app.database.read.authorities.list()).filter(({ id }) => id === request.id);
    assert.equal(made.length, 1);
    const kinds = (await app.ports.events.list(app.operator, { limit: 10, kinds: ['authority.installed'] })).items;
    assert.equal(kinds.length, 2, 'the root and the one below it, once');
  });

  test('PKCS #7 files are read, as text and as bytes, and what else is signed in them is passed over.', async () => {
    const { app, ca } = world;
    const request = await app.ports.authorities.request(app.operator, { subject: { commonName: 'Bundled' } });
    await writeFile(join(ca.folder, 'sub.pem'), await ca.sign(csrOf(request)));
    const bundle = ['crl2pkcs7', '-nocrl', '-certfile', 'sub.pem', '-certfile', 'ca.pem', '-out'];
    await ca.openssl(...bundle, 'ca.p7b');
    await ca.openssl(...bundle, 'der.p7b', '-outform', 'DER');
    const text = await readFile(join(ca.folder, 'ca.p7b'), 'utf8');
    // As the command line sends bytes.
    const bytes = fileText(await readFile(join(ca.folder, 'der.p7b')));
    for (const pem of [text, text.replaceAll('PKCS7', 'CMS'), bytes]) {
      const files = [{ name: 'ca.p7b', pem }];
      const { authorities } = await app.ports.authorities.install(app.operator, { files, isDryRun: true });
      assert.deepEqual(
        authorities.map(({ authority, change }) => [authority.role, change]),
        [
          ['intermediate', 'made'],
          ['root', 'kept'],
        ],
      );
    }
    await ca.openssl('crl2pkcs7', '-nocrl', '-out', 'none.p7b');
    const none = [{ name: 'none.p7b', pem: await readFile(join(ca.folder, 'none.p7b'), 'utf8') }];
    await assert.rejects(app.ports.authorities.install(app.operator, { files: none }), refused('noCertificateInFile'));
    const other = [{ name: 'other.p7b', pem: encodePem('PKCS7', Buffer.from(ca.certificate, 'latin1')) }];
    await assert.rejects(app.ports.authorities.install(app.operator, { files: other }), refused('derMalformed'));
    await app.ports.authorities.withdraw(app.operator, request.id);
  });

  for (const [constraints, found] of [
    ['critical,CA:TRUE', null],
    ['critical,CA:TRUE,pathlen:1', 1],
    ['critical,CA:TRUE,pathlen:0', undefined],
  ] as const) {
    test(`Asked for the path length 0, it came with ${constraints}: ${found === undefined ? 'no word' : 'a warning'}.`, async () => {
      const { app, ca } = world;
      const request = await app.ports.authorities.request(app.operator, { subject: { commonName: 'Long' } });
      const extensions = instead('basicConstraints', `basicConstraints = ${constraints}`);
      const files = named([await ca.sign(csrOf(request), { extensions })]);
      const { warnings } = await app.ports.authorities.install(app.operator, { files, isDryRun: true });
      const params = { subject: request.subject, asked: 0, found };
      assert.deepEqual(warnings, found === undefined ? [] : [{ key: 'pathLengthDiffers', params }]);
      await app.ports.authorities.withdraw(app.operator, request.id);
    });
  }

  // By RFC 5280 §6.1, and as `openssl verify -policy_check` judges certificates without policies below.
  for (const [policies, skipped, allowed] of [
    ['1.2.3.4', 0, '1.2.3.4'],
    ['1.2.3.4', 1, '1.2.3.4'],
    ['1.2.3.4', 2, undefined],
    ['2.5.29.32.0', 0, ''],
  ] as const) {
    const what = `requireExplicitPolicy:${skipped} with ${policies}`;
    test(`${what}: ${allowed === undefined ? 'no word' : 'the profiles are named that have no such policy'}.`, async () => {
      const { app, ca } = world;
      const request = await app.ports.authorities.request(app.operator, { subject: { commonName: 'Policed' } });
      const extensions = [
        ...goodExtensions,
        `certificatePolicies = ${policies}`,
        `policyConstraints = requireExplicitPolicy:${skipped}`,
      ];
      const files = named([await ca.sign(csrOf(request), { extensions })]);
      const { warnings } = await app.ports.authorities.install(app.operator, { files, isDryRun: true });
      const profiles = [...app.context.profiles.values()]
        .filter(({ policyOids }) => allowed !== '' || policyOids.length === 0)
        .map(({ id }) => id);
      const params = { subject: request.subject, profiles: profiles.join(', '), allowed };
      assert.deepEqual(warnings, allowed === undefined ? [] : [{ key: 'policyDemanded', params }]);
      assert.ok(profiles.includes('private-dv'));
      await app.ports.authorities.withdraw(app.operator, request.id);
    });
  }

  test('Base64 without its lines is read too.', async () => {
    const { app, ca } = world;
    const request = await app.ports.authorities.request(app.operator, { subject: { commonName: 'Bare' } });
    const bare = (await ca.sign(csrOf(request))).replaceAll(/-----.*-----\n/g, '');
    const { authorities } = await app.ports.authorities.install(app.operator, { files: named([bare]) });
    assert.equal(authorities[0]?.change, 'made');
  });

  test('A short one is taken where the operator says so.', async () => {
    const { app, ca } = world;
    const request = await app.ports.authorities.request(app.operator, { subject: { commonName: 'Short' } });
    const files = named([await ca.sign(csrOf(request), { days: 10 })]);
    await assert.rejects(app.ports.authorities.install(app.operator, { files }), refused('caTooShort'));
    await app.ports.authorities.install(app.operator, { files, allowsShorter: true });
  });

  test('A request that was withdrawn has no key any more.', async () => {
    const { app, ca } = world;
    const request = await app.ports.authorities.request(app.operator, { subject: { commonName: 'Withdrawn' } });
    const certificate = await ca.sign(csrOf(request));
    await app.ports.authorities.withdraw(app.operator, request.id);
    const install = app.ports.authorities.install(app.operator, { files: named([certificate]) });
    await assert.rejects(install, refused('certificateForNoKey'));
    await assert.rejects(app.ports.authorities.withdraw(app.operator, request.id), refused('notFound'));
  });
});

/** The clock of the app stands still, and openssl signs by the one of the machine. */
const hourMs = 3_600_000;

async function open(options?: OutsideCaOptions) {
  const app: TestApp = await startTestApp({ startsAt: new Date(Date.now() + hourMs).toISOString() });
  const ca: OutsideCa = await startOutsideCa(options);
  const request = await app.ports.authorities.request(app.operator, { subject: { commonName: 'Example TLS CA E2' } });
  return {
    app,
    ca,
    request,
    async [Symbol.asyncDispose]() {
      await app.close();
      await ca.remove();
    },
  };
}

function csrOf({ csr }: AuthorityRequest): string {
  return encodePem('CERTIFICATE REQUEST', csr);
}

function named(texts: readonly string[]): readonly CaFile[] {
  return texts.map((pem, place) => ({ name: `file-${place + 1}.pem`, pem }));
}

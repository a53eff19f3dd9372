/** Certificates and lists made with the key of a root in a file pass the same lint as those of a server, and nothing is signed that does not. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, test } from 'node:test';
import { signCaList, signCaRequest } from '../../src/boot/offline-ca.ts';
import type { OfflineCaRequest, OfflineListRequest, OfflineSigning } from '../../src/cli/local.ts';
import { rootTbs } from '../../src/pki/ca-certificate.ts';
import { parseCrl } from '../../src/pki/crl-reader.ts';
import { createCaCsr } from '../../src/pki/csr-writer.ts';
import { createLocalSigner, generateKey, privateKeyPem } from '../../src/pki/key.ts';
import { serialFrom } from '../../src/pki/leaf-template.ts';
import { encodeName, type NameFields } from '../../src/pki/name.ts';
import { decodePem, encodePem } from '../../src/pki/pem.ts';
import { signAndAssemble } from '../../src/pki/signature.ts';
import { createFakeClock, createFakeRandomness } from '../support/system.ts';

const dayMs = 86_400_000;
const world = { clock: createFakeClock(), random: createFakeRandomness() };
const now = world.clock.now();

let root: OfflineSigning;
before(async () => {
  const { privateKeyPkcs8, spkiDer } = await generateKey({ type: 'ec', curve: 'P-256' });
  const signer = createLocalSigner(privateKeyPkcs8);
  const tbs = rootTbs({
    subjectName: encodeName({ O: 'Example', CN: 'Example Root CA' }),
    spkiDer,
    serial: serialFrom(Buffer.alloc(16, 1)),
    notBefore: now,
    notAfter: new Date(now.getTime() + 7000 * dayMs),
    signatureAlgorithm: signer.algorithm,
  });
  root = {
    keyFile: 'root.key',
    key: privateKeyPem(privateKeyPkcs8, 'pkcs8'),
    passphrase: undefined,
    certificate: encodePem('CERTIFICATE', await signAndAssemble(tbs, signer)),
  };
});

async function request(subject: NameFields = { O: 'Example', CN: 'Example TLS CA 1' }): Promise<OfflineCaRequest> {
  const { privateKeyPkcs8, spkiDer } = await generateKey({ type: 'ec', curve: 'P-256' });
  const csr = await createCaCsr(
    { subjectName: encodeName(subject), spkiDer, pathLength: 0 },
    createLocalSigner(privateKeyPkcs8),
  );
  const pem = encodePem('CERTIFICATE REQUEST', csr);
  return { ...root, csr: pem, days: 3650, pathLength: 0, pkiUrl: 'http://certs.example.com/pki', authority: 'ca_1' };
}

function list(change: Partial<OfflineListRequest> = {}): Promise<{ readonly pem: string; readonly number: number }> {
  const wanted = { days: 180, previous: undefined, number: undefined, revoked: [], reason: 'superseded' } as const;
  return signCaList({ ...root, ...wanted, ...change }, world);
}

const entriesOf = (pem: string) => parseCrl(decodePem(pem, { what: 'the list', labels: ['X509 CRL'] })).entries;

describe('A key in a file', () => {
  test('signs no certificate in which lint finds something, and says what and why', async () => {
    await assert.rejects(signCaRequest(await request({ O: 'N/A', CN: 'Example TLS CA 1' }), world), {
      reason: {
        key: 'offlineLintFound',
        params: { rule: 'subject-values', source: 'BR §7.1.4.1', found: 'O=N/A' },
      },
    });
    // Nor one that does not say where the list is (BR §7.1.2.11.2).
    const pointless = { ...(await request()), pkiUrl: undefined };
    await assert.rejects(
      signCaRequest(pointless, world),
      ({ reason }) => reason.key === 'offlineLintFound' && reason.params.rule === 'list-pointer',
    );
    await signCaRequest({ ...pointless, crlUrl: 'http://lists.example.com/root.crl' }, world);
  });

  test('signs no list in which lint finds something', async () => {
    const rows: readonly (readonly [rule: string, Partial<OfflineListRequest>])[] = [
      ['list-life', { days: 400 }],
      ['list-number-grows', { previous: (await list({ number: 7 })).pem, number: 7 }],
    ];
    for (const [rule, change] of rows) {
      await assert.rejects(
        list(change),
        ({ reason }) => reason.key === 'offlineLintFound' && reason.params.rule === rule,
      );
    }
  });

  test('goes on with the number and the entries of the list before', async () => {
    const revoked = [await signCaRequest(await request(), world)];
    const first = await list({ revoked, reason: 'keyCompromise' });
    const second = await list({ previous: first.pem });
    assert.deepEqual([first.number, second.number], [1, 2]);
    // RFC 5280 §5.3.1: the key of a CA has a reason of its own.
    assert.deepEqual(
      entriesOf(second.pem).map(({ reason }) => reason),
      ['cACompromise'],
    );
  });

  test('goes on only from a whole list that this key has signed', async () => {
    const { pem } = await list({ revoked: [await signCaRequest(await request(), world)] });
    const der = decodePem(pem, { what: 'the list', labels: ['X509 CRL'] });
    const at = der.length - 1;
    der[at] = (der[at] ?? 0) ^ 1;
    await assert.rejects(list({ previous: encodePem('X509 CRL', der) }), {
      reason: { key: 'listNotSigned', params: { authority: 'O=Example, CN=Example Root CA' } },
    });
  });

  test('does not lose count where the number of the list before is too large for it', async () => {
    const previous = (await list({ number: 2 ** 48 - 1 })).pem;
    await assert.rejects(list({ previous }), {
      reason: { key: 'listNumberTooLarge', params: { number: '281474976710656' } },
    });
  });
});

test('Nothing signs a certificate or a list with a key from a file but the linted signer.', async () => {
  const source = await readFile(new URL('../../src/boot/offline-ca.ts', import.meta.url), 'utf8');
  assert.doesNotMatch(source, /signAndAssemble|assembleSigned|signParts\(|signSync\(/);
  // The proof of a key that is to be removed from the server is no certificate.
  assert.deepEqual(
    [...source.matchAll(/\.sign\((.*?)\)\)\./g)].map(([, what]) => what),
    ['Buffer.from(toSign)'],
  );
});

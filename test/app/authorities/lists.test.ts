/** Lists that a CA outside hands in: what clients could not use is refused, and changes nothing. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { AuthorityId } from '../../../src/domain/ids.ts';
import type { ReasonKey } from '../../../src/domain/messages/index.ts';
import { decodePem, encodePem } from '../../../src/pki/pem.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { type OutsideCa, type OutsideList, startOutsideCa } from '../../support/outside-ca.ts';
import { refused } from '../../support/refused.ts';

/** The clock of the app stands still, and openssl signs by the one of the machine. */
const hourMs = 3_600_000;

let app: TestApp;
let ca: OutsideCa;
let root: AuthorityId;

before(async () => {
  app = await startTestApp({ startsAt: new Date(Date.now() + hourMs).toISOString() });
  ca = await startOutsideCa();
  const { ports, operator } = app;
  const { csr } = await ports.authorities.request(operator, { subject: { commonName: 'Example TLS CA E2' } });
  const pem = (await ca.sign(encodePem('CERTIFICATE REQUEST', csr))) + ca.certificate;
  const { authorities } = await ports.authorities.install(operator, { files: [{ name: 'ca.pem', pem }] });
  const found = authorities.find(({ authority }) => authority.role === 'root')?.authority.id;
  assert.ok(found !== undefined);
  root = found;
});
after(async () => {
  await app.close();
  await ca.remove();
});

const keyId = 'authorityKeyIdentifier = keyid:always';

const rows: readonly (readonly [why: string, reason: ReasonKey, options: OutsideList])[] = [
  ['that begins later', 'listNotYet', { startsAt: '20980101000000Z', days: 30_000 }],
  [
    'with a critical extension that nobody knows',
    'listUnknownCritical',
    { extensions: ['1.2.3.4 = critical,ASN1:NULL'] },
  ],
  ['of changes only', 'listPartial', { extensions: [keyId, '2.5.29.27 = critical,ASN1:INTEGER:1'] }],
  ['of other CAs too', 'listPartial', { extensions: [keyId, '2.5.29.28 = critical,DER:30038401FF'] }],
];

async function der(options?: OutsideList): Promise<Buffer> {
  return decodePem(await ca.list(options), { what: 'the list', labels: ['X509 CRL'] });
}

describe('a list', () => {
  for (const [why, reason, options] of rows) {
    test(`${why}: ${reason}`, async () => {
      const list = await der(options);
      const rowsBefore = await app.tables();
      await assert.rejects(app.ports.authorities.uploadList(app.operator, root, list), refused(reason));
      assert.deepEqual(await app.tables(), rowsBefore);
    });
  }

  test('that says no more than it must is served', async () => {
    const { crl } = await app.ports.authorities.uploadList(app.operator, root, await der());
    assert.equal(crl.number > 0, true);
  });
});

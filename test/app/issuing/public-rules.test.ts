/** Profiles that keep the rules of public CAs, and what the operator changes of a profile. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { defaultProfiles } from '../../../src/domain/profile.ts';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import { createCustomer, issue, place, startTestApp, type TestApp, type TestAppOptions } from '../../support/app.ts';

let app: TestApp;
afterEach(() => app.close());

/** The product that tests order, issued by this profile. */
async function start(profileId: string, options: TestAppOptions = {}) {
  app = await startTestApp(options);
  await app.ports.catalogue.change(app.operator, 'encryption365', 'paid', { profileId });
  return createCustomer(app, { balanceMinor: 1_000_000 });
}

const dayMs = 86_400_000;

async function issued(caller: Awaited<ReturnType<typeof start>>['caller'], name: string) {
  const { certificate } = await issue(app, caller, [name], { productCode: 'paid' });
  return parseCertificate(certificate?.der ?? assert.fail('nothing was issued'));
}

describe('a product of a public-like profile', () => {
  it('has certificates of 199 days, and of 99 from March 2027 on', async () => {
    const { caller } = await start('public-dv', { startsAt: '2027-03-14T12:00:00Z' });
    const daysOf = ({ notBefore, notAfter }: { readonly notBefore: Date; readonly notAfter: Date }) =>
      Math.round((notAfter.getTime() - notBefore.getTime()) / dayMs);
    assert.ok(daysOf(await issued(caller, 'one.example.com')) > 99);
    await app.advance(86_400);
    assert.equal(daysOf(await issued(caller, 'two.example.com')), 99);
  });

  it('is not issued for a key that is made here, and nothing is charged', async () => {
    const { caller } = await start('public-dv');
    await assert.rejects(place(app, caller, ['www.example.com'], { productCode: 'paid', csr: { make: 'P-256' } }), {
      code: 'forbidden',
      message: /public-dv .* send a CSR/,
    });
    assert.deepEqual((await app.ports.orders.list(caller, { limit: 10 })).items, []);
  });
});

it('no method proves a name of .onion', async () => {
  const { caller } = await start('private-dv');
  await assert.rejects(
    place(app, caller, ['abcdefghijklmnop.onion'], { productCode: 'paid' }),
    /abcdefghijklmnop\.onion/,
  );
});

it('a profile without common name and key identifier leaves both out, and the names are critical', async () => {
  const profiles = defaultProfiles.map((one) => ({ ...one, includesCommonName: false, includesSubjectKeyId: false }));
  const { caller } = await start('private-dv', { profiles });
  const { subject, subjectKeyId, extensions } = await issued(caller, 'bare.example.com');
  assert.equal(subject.der.length, 2);
  assert.equal(subjectKeyId, undefined);
  assert.equal(extensions.find(({ oid }) => oid === '2.5.29.17')?.isCritical, true);
});

/** The last day of an authority: its list may be the last one, and names no end (`crl-times.ts`). */
import type { Authority } from '../../../src/domain/authority.ts';
import { endless } from '../../../src/domain/crl-times.ts';
import type { CrlIssuer } from '../../../src/domain/ports/issuer.ts';
import { insertOrder, insertWorld, newCertificate } from '../../../test/db/fixtures.ts';
import { issued, names, newCsr, profileNamed, requestFor } from '../../../test/issuers/embedded/support.ts';
import type { TestApp } from '../../../test/support/app.ts';
import { startOutsideCa } from '../../../test/support/outside-ca.ts';
import { authorityNamed, installUnder, openCaApp } from '../../authority-kinds.ts';
import { name, shown, upload } from './shown.ts';

export async function makeLast() {
  await using cleanup = new AsyncDisposableStack();
  const ca = await startOutsideCa();
  cleanup.defer(() => ca.remove());
  const app = cleanup.use(await openCaApp({ works: true }));
  const authority = await installUnder(app, ca, { commonName: 'Example Short CA', days: 1, allowsShorter: true });
  await upload(app, await authorityNamed(app, 'Outside Root CA'), await ca.list());
  const [leaf, gone] = [await leafOf(app, authority), await leafOf(app, authority)];
  await revoke(app, gone);
  await app.issuer.publishCrl(authority.id, new AbortController().signal);
  const update = await app.database.read.crls.updatesOf(authority.id);
  if (update?.nextUpdate.getTime() !== endless.getTime()) throw new Error('the list is not a last one');
  return { lastList: await shown(app, leaf), lastListRevoked: await shown(app, gone) };
}

type Leaf = Awaited<ReturnType<typeof leafOf>>;

/** Signed as the core has planned it; for a new order it would choose an authority that lasts. */
async function leafOf(app: TestApp, authority: Authority) {
  const { random } = app.context;
  const issuer: CrlIssuer = app.issuer;
  const request = requestFor({ clock: app.clock, random }, issuer, await newCsr(), {
    names: names(name),
    profile: profileNamed('private-dv'),
  });
  const notBefore = issuer.validityOf(authority.id).from;
  const plan = { ...request.plan, notBefore, notAfter: authority.notAfter, authorityId: authority.id };
  return { ...plan, der: await issued(issuer, { ...request, plan }) };
}

async function revoke(
  { database, clock }: TestApp,
  { serial, notBefore, notAfter, authorityId, der }: Leaf,
): Promise<void> {
  await database.write(async (tx) => {
    const { issuance } = await insertOrder(tx, await insertWorld(tx), [name]);
    const certificate = newCertificate(issuance, { serial, notBefore, notAfter, authorityId, der });
    await tx.certificates.moveToRevoked((await tx.certificates.insert(certificate)).id, clock.now(), 'superseded');
  });
}

/** Under a root of OpenSSL, which may constrain names and revoke the CA. */
import { goodExtensions, startOutsideCa } from '../../../test/support/outside-ca.ts';
import { authorityNamed, certificatePem, installUnder, openCaApp } from '../../authority-kinds.ts';
import { name, openOrders, shown, upload } from './shown.ts';

const forbidden = 'www.elsewhere.example';

export async function makeOutside() {
  await using cleanup = new AsyncDisposableStack();
  const ca = await startOutsideCa();
  cleanup.defer(() => ca.remove());
  const app = cleanup.use(await openCaApp({ works: true }));
  const orders = await openOrders(app);

  const sub = await installUnder(app, ca, { commonName: 'Example Sub CA 1' });
  const root = await authorityNamed(app, 'Outside Root CA');
  await upload(app, root, await ca.list());
  const leaf = await orders.issue(sub);
  const gone = await orders.issue(sub);
  await orders.revoke(gone);
  const [outside, outsideRevoked] = [await shown(app, leaf), await shown(app, gone)];
  await ca.revoke(certificatePem(sub.certificate));
  await upload(app, root, await ca.list());
  const outsideCaRevoked = await shown(app, leaf);

  const other = await installUnder(app, ca, { commonName: 'Example Sub CA 2' });
  const allowedLeaf = await orders.issue(other);
  const forbiddenLeaf = await orders.issue(other, [forbidden]);
  // The same key, certified again for fewer names: certmux itself signs none that is outside.
  const constraints = 'nameConstraints = critical,permitted;DNS:verified.example';
  await installUnder(app, ca, {
    commonName: 'Example Sub CA 2',
    renews: other,
    extensions: [...goodExtensions, constraints],
  });
  return {
    outside,
    outsideRevoked,
    outsideCaRevoked,
    constrainedAllowed: { ...(await shown(app, allowedLeaf)), name },
    constrainedForbidden: { ...(await shown(app, forbiddenLeaf)), name: forbidden },
  };
}

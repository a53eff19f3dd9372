/** Under a root of certmux whose key is in a file, and no longer on the server. */
import { authorityNamed, exportRoot, openCaApp } from '../../authority-kinds.ts';
import { openOrders, shown, upload } from './shown.ts';

export async function makeOffline() {
  await using app = await openCaApp({ works: true });
  const orders = await openOrders(app);
  const root = await authorityNamed(app, 'Example Root CA E1');
  await app.idle();
  const file = await exportRoot(app, root);
  await file.removeFromServer(app);
  const ca = await file.install(app, { commonName: 'Example Offline CA', keyKind: 'P-256' });
  const leaf = await orders.issue(ca);
  const offline = await shown(app, leaf);
  await upload(app, root, await file.list(app, [ca], { reason: 'superseded' }));
  return { offline, offlineRevoked: await shown(app, leaf) };
}

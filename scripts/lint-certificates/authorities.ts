/** The authorities whose certificates and lists are judged: every kind of key in every way to be an authority. */
import type { Authority } from '../../src/domain/authority.ts';
import { importedReasons } from '../../src/domain/authority.ts';
import type { TestApp } from '../../test/support/app.ts';
import type { OutsideCa } from '../../test/support/outside-ca.ts';
import { startOutsideCa } from '../../test/support/outside-ca.ts';
import {
  authorityNamed,
  exportRoot,
  importFrom,
  installUnder,
  type OfflineRoot,
  openSslCaUnder,
  succeed,
} from '../authority-kinds.ts';

export interface Hierarchies {
  /** Those that sign certificates of subscribers, by what they are. */
  readonly signing: ReadonlyMap<string, Authority>;
  /** Roots whose keys are here. */
  readonly roots: readonly Authority[];
  readonly offline: OfflineRoot;
  /** By the file of the exported root. */
  readonly signedOffline: Authority;
  readonly imported: readonly Authority[];
}

/** @param cleanup takes the folders of OpenSSL */
export async function makeHierarchies(app: TestApp, cleanup: AsyncDisposableStack): Promise<Hierarchies> {
  const kept = (ca: OutsideCa) => {
    cleanup.defer(() => ca.remove());
    return ca;
  };
  const signing = new Map<string, Authority>();
  const roots: Authority[] = [];
  for (const [letter, key] of [
    ['E', 'P-256'],
    ['R', 'RSA 3072'],
  ] as const) {
    const first = await authorityNamed(app, `Example TLS CA ${letter}1`);
    const root = await authorityNamed(app, `Example Root CA ${letter}1`);
    const second = await succeed(app, first);
    const nextRoot = await succeed(app, root);
    const third = await succeed(app, second);
    if (third.parentId !== nextRoot.id) throw new Error('the last successor is not under the new root');
    signing.set(`own ${key}`, first);
    signing.set(`successor ${key}`, second);
    signing.set(`under the new root ${key}`, third);
    roots.push(root, nextRoot);
  }
  const outside = kept(await startOutsideCa());
  for (const keyKind of ['P-256', 'P-384', 'rsa'] as const) {
    const commonName = `Example Sub CA ${keyKind}`;
    signing.set(`under an outside root ${keyKind}`, await installUnder(app, outside, { commonName, keyKind }));
  }
  const old = kept(await openSslCaUnder(outside, { name: 'Old TLS CA' }));
  const serials = importedReasons.map((reason, index) => ({
    serial: `5${(index + 1).toString(16).padStart(31, '0')}`,
    certificate: null,
    notAfter: new Date(app.clock.now().getTime() + 90 * 86_400_000),
    revoked: { at: new Date(app.clock.now().getTime() - 86_400_000), reason },
  }));
  const taken = await importFrom(app, old, { root: outside, serials });
  const oldRsa = kept(await openSslCaUnder(outside, { name: 'Old RSA CA', key: ['-newkey', 'rsa:3072'] }));
  const takenRsa = await importFrom(app, oldRsa, { root: outside, serials: serials.slice(0, 1) });
  signing.set('imported P-384', taken);
  signing.set('imported RSA 3072', takenRsa);
  const offline = await exportRoot(app, await authorityNamed(app, 'Example Root CA R2'));
  const signedOffline = await offline.install(app, { commonName: 'Example Offline CA', keyKind: 'P-384' });
  signing.set('signed by the file of the root P-384', signedOffline);
  return { signing, roots, offline, signedOffline, imported: [taken, takenRsa] };
}

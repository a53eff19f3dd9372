/** Under roots that are made here: what goes wrong with any certificate, and authorities that follow one another. */
import { parseCrl } from '../../../src/pki/crl-reader.ts';
import { decodePem } from '../../../src/pki/pem.ts';
import { newCsr } from '../../../test/issuers/embedded/support.ts';
import { authorityNamed, openCaApp, succeed } from '../../authority-kinds.ts';
import { listOf, openOrders, shown } from './shown.ts';

const dayMs = 86_400_000;

export async function makeOwn() {
  await using app = await openCaApp({ works: true });
  const orders = await openOrders(app);
  const first = await authorityNamed(app, 'Example TLS CA E1');
  const root = await authorityNamed(app, 'Example Root CA E1');
  const leaf = await orders.issue(first);
  const gone = await orders.issue(first);
  const later = await orders.issue(first);
  await orders.revoke(gone);
  const fresh = await shown(app, leaf);
  const rsa = await orders.issue(await authorityNamed(app, 'Example TLS CA R1'), undefined, {
    csr: await newCsr({ type: 'rsa', bits: 2048 }),
  });
  const usual = {
    fresh,
    freshRsa: await shown(app, rsa),
    wrongName: { ...fresh, name: 'www.other.example' },
    revoked: await shown(app, gone),
    expired: { ...fresh, at: new Date(leaf.notAfter.getTime() + dayMs) },
    // NSS lets a clock be wrong by a day.
    notYetValid: { ...fresh, at: new Date(leaf.notBefore.getTime() - 2 * dayMs) },
    listExpired: { ...fresh, at: new Date(firstEnd(fresh.lists) + dayMs) },
    listMissing: { ...fresh, lists: [await listOf(app, first)] },
    chainIncomplete: { ...fresh, chain: [] },
  };

  const second = await succeed(app, first);
  const next = await orders.issue(second);
  const nextGone = await orders.issue(second);
  await orders.revoke(later);
  await orders.revoke(nextGone);
  const rolloverFormer = await shown(app, leaf);
  const rolloverSuccessor = await shown(app, next);
  const rollover = {
    rolloverFormer,
    rolloverFormerRevoked: await shown(app, later),
    rolloverSuccessor,
    rolloverSuccessorRevoked: await shown(app, nextGone),
    rolloverOtherChain: { ...rolloverSuccessor, chain: rolloverFormer.chain },
  };

  const newRootCa = await succeed(app, root);
  const third = await succeed(app, second);
  if (third.parentId !== newRootCa.id) throw new Error('the last successor is not under the new root');
  const newRoot = await shown(app, await orders.issue(third));
  const former = await shown(app, leaf);
  const roots = {
    newRoot,
    newRootUnknown: { ...newRoot, anchors: former.anchors },
    newRootBoth: {
      ...former,
      anchors: [...newRoot.anchors, ...former.anchors],
      lists: [...former.lists, ...newRoot.lists.slice(-1)],
    },
  };

  await app.ports.server.revokeAuthority(app.operator, first.id, 'keyCompromise');
  return { ...usual, ...rollover, ...roots, intermediateRevoked: await shown(app, leaf) };
}

/** Milliseconds of the moment when one of the lists is no longer current. */
function firstEnd(lists: readonly string[]): number {
  const ends = lists.map((pem) => parseCrl(decodePem(pem, { what: 'the list', labels: ['X509 CRL'] })).nextUpdate);
  return Math.min(...ends.map((end) => end?.getTime() ?? Number.POSITIVE_INFINITY));
}

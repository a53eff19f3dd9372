/** The lists of each authority: the first, one with every reason, those of roots with revoked CAs, one of a root in a file, and the last. */
import type { Authority } from '../../src/domain/authority.ts';
import { type RevocationReason, revocationReasons } from '../../src/domain/certificate.ts';
import { endless } from '../../src/domain/crl-times.ts';
import { authorityRevocationReasons } from '../../src/domain/ports/issuer.ts';
import { parseCertificate } from '../../src/pki/certificate.ts';
import { parseCrl } from '../../src/pki/crl-reader.ts';
import { decodePem } from '../../src/pki/pem.ts';
import { insertOrder, insertWorld, newCertificate } from '../../test/db/fixtures.ts';
import type { TestApp } from '../../test/support/app.ts';
import { crlDerOf } from '../../test/support/crl.ts';
import { authoritiesOf, listPem } from '../authority-kinds.ts';
import type { Hierarchies } from './authorities.ts';
import type { Kind, Put } from './made.ts';
import { findingsOfList } from './own-lint.ts';

const never = new AbortController().signal;
const hourMs = 3_600_000;

export interface Lists {
  readonly app: TestApp;
  readonly hierarchies: Hierarchies;
  readonly put: Put;
}

/** Moves time to the end of the last authority: nothing can be issued after it. */
export async function makeLists(lists: Lists): Promise<void> {
  const { app, hierarchies } = lists;
  const issuing = [...hierarchies.signing.values()];
  const kindOf = (authority: Authority): Kind =>
    hierarchies.imported.some(({ id }) => id === authority.id) ? 'imported-list' : 'list';
  for (const authority of issuing)
    await makeList(lists, { authority, kind: kindOf(authority), title: 'the first list' });
  for (const root of hierarchies.roots)
    await makeList(lists, { authority: root, kind: 'root-list', title: 'the first list' });
  for (const authority of issuing) await revokeOneForEachReason(app, authority);
  for (const authority of issuing) await makeList(lists, { authority, kind: kindOf(authority), title: 'every reason' });
  await revokeCas(lists);
  for (const root of hierarchies.roots)
    await makeList(lists, { authority: root, kind: 'root-list', title: 'revoked CAs' });
  await makeOfflineLists(lists);
  await makeLastLists(lists);
}

interface One {
  readonly authority: Authority;
  readonly kind: Kind;
  readonly title: string;
}

async function makeList({ app, put }: Pick<Lists, 'app' | 'put'>, { authority, kind, title }: One): Promise<void> {
  await app.issuer.publishCrl(authority.id, never);
  const der = await crlDerOf(app.database.read, authority.id);
  if (der === undefined) throw new Error(`there is no list of ${authority.subject}`);
  putList({ app, put }, { authority, kind, der, title: `${title} of ${authority.subject}` });
}

function putList(
  { app, put }: Pick<Lists, 'app' | 'put'>,
  { authority, kind, title, der }: One & { readonly der: Uint8Array },
) {
  const issuer = parseCertificate(authority.certificate);
  const { entries, nextUpdate } = parseCrl(der);
  const isLast = nextUpdate?.getTime() === endless.getTime();
  if (isLast !== (kind === 'last-list')) throw new Error(`${title} is ${isLast ? 'a' : 'no'} last list`);
  const facts = { issuer, isOfLeaves: authority.role === 'intermediate', isLast, now: app.clock.now() };
  put({ title: `${title}, ${entries.length} entries`, kind, pem: listPem(der), own: findingsOfList(der, facts) });
}

/** They last as long as the authority, so that they are in its last list. */
async function revokeOneForEachReason({ database, clock }: TestApp, { id, notAfter }: Authority): Promise<void> {
  await database.write(async (tx) => {
    for (const reason of Object.keys(revocationReasons) as RevocationReason[]) {
      const { issuance } = await insertOrder(tx, await insertWorld(tx), ['example.com']);
      const { id: certificate } = await tx.certificates.insert(newCertificate(issuance, { authorityId: id, notAfter }));
      await tx.certificates.moveToRevoked(certificate, clock.now(), reason);
    }
  });
}

/** Each reason once at least. */
async function revokeCas({ app, hierarchies: { roots } }: Lists): Promise<void> {
  const below = (await authoritiesOf(app)).filter(({ parentId }) => roots.some(({ id }) => id === parentId));
  for (const [index, { id }] of below.entries()) {
    const reason = authorityRevocationReasons[index % authorityRevocationReasons.length] ?? 'superseded';
    await app.ports.server.revokeAuthority(app.operator, id, reason);
  }
}

/** By `ca sign-list`. */
async function makeOfflineLists({ app, put, hierarchies }: Lists): Promise<void> {
  const { offline, signedOffline } = hierarchies;
  const root = hierarchies.roots.find(({ id }) => id === signedOffline.parentId);
  if (root === undefined) throw new Error('the file is of no root');
  // Without the former list, which revokes it already.
  for (const reason of Object.keys(revocationReasons) as RevocationReason[]) {
    const pem = await offline.list(app, [signedOffline], { reason, isFirst: true });
    const der = decodePem(pem, { what: 'the list', labels: ['X509 CRL'] });
    putList({ app, put }, { authority: root, kind: 'root-list', der, title: `a list by the file, ${reason}` });
  }
  const der = decodePem(await offline.list(app, [], { reason: 'unspecified', isFirst: true }), {
    what: 'the list',
    labels: ['X509 CRL'],
  });
  putList({ app, put }, { authority: root, kind: 'root-list', der, title: 'a list by the file, which is empty' });
}

/** Half an hour before each authority ends. */
async function makeLastLists({ app, put }: Lists): Promise<void> {
  const own = (await authoritiesOf(app)).filter(({ keyPlace }) => keyPlace === 'here');
  for (const authority of own.toSorted((a, b) => a.notAfter.getTime() - b.notAfter.getTime())) {
    await app.clock.advance(Math.max(0, authority.notAfter.getTime() - hourMs / 2 - app.clock.now().getTime()));
    await makeList({ app, put }, { authority, kind: 'last-list', title: 'the last list' });
  }
}

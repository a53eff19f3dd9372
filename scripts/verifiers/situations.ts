/** What relying parties are shown: certificates of a private authority, its chain and lists, the moment, and what they must say. */
import type { Authority } from '../../src/domain/authority.ts';
import type { Certificate } from '../../src/domain/certificate.ts';
import { parseCrl } from '../../src/pki/crl-reader.ts';
import { encodePem } from '../../src/pki/pem.ts';
import { createCustomer, issue, startTestApp, type TestApp } from '../../test/support/app.ts';
import { crlDerOf } from '../../test/support/crl.ts';

export interface Situation {
  readonly title: string;
  /** What the client wanted to reach. */
  readonly name: string;
  readonly at: Date;
  /** PEM, as all of them. */
  readonly leaf: string;
  /** What the server sends besides: between the leaf and the anchors. */
  readonly chain: readonly string[];
  readonly anchors: readonly string[];
  readonly lists: readonly string[];
  readonly expected: 'ok' | 'refused';
}

const dayMs = 86_400_000;
const name = 'www.verified.example';

/** Of an authority as it is made today. Other ways to be an authority add theirs to this list. */
export async function makeSituations(): Promise<readonly Situation[]> {
  const app = await startTestApp({ upkeep: true });
  try {
    const { caller } = await createCustomer(app, { balanceMinor: 100_000_00 });
    const fresh = await issue(app, caller, [name]);
    const revoked = await issue(app, caller, [name]);
    await app.ports.revocations.revokeOrder(caller, revoked.order, 'keyCompromise');
    // The list that shows it is made by a job.
    await app.idle();
    const good = await shown(app, fresh.certificate);
    const at = new Date(app.clock.now().getTime() + 3_600_000);
    const listsEnd = Math.min(...good.ends.map((end) => end.getTime()));
    const base = { name, at, ...good.files };
    return [
      { ...base, title: 'fresh', expected: 'ok' },
      { ...base, title: 'wrong name', name: 'www.other.example', expected: 'refused' },
      { ...base, title: 'revoked', ...(await shown(app, revoked.certificate)).files, expected: 'refused' },
      { ...base, title: 'expired', at: new Date(good.notAfter.getTime() + dayMs), expected: 'refused' },
      { ...base, title: 'not yet valid', at: new Date(good.notBefore.getTime() - dayMs), expected: 'refused' },
      { ...base, title: 'list expired', at: new Date(listsEnd + dayMs), expected: 'refused' },
      { ...base, title: 'chain incomplete', chain: [], expected: 'refused' },
    ];
  } finally {
    await app.close();
  }
}

async function shown(app: TestApp, certificate: Certificate | null) {
  if (certificate === null) throw new Error('no certificate was issued');
  const authorities = await app.ports.operation.authorities(app.operator);
  const above: Authority[] = [];
  for (let id = certificate.authorityId; id !== null; id = above.at(-1)?.parentId ?? null) {
    const authority = authorities.find((one) => one.id === id);
    if (authority === undefined) throw new Error(`there is no authority ${id}`);
    above.push(authority);
  }
  const lists = await Promise.all(above.map(({ id }) => crlDerOf(app.database.read, id)));
  const known = lists.filter((list) => list !== undefined);
  if (known.length !== above.length) throw new Error('an authority has no list');
  const pem = above.map((authority) => encodePem('CERTIFICATE', authority.certificate));
  return {
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    ends: known.flatMap((list) => parseCrl(list).nextUpdate ?? []),
    files: {
      leaf: encodePem('CERTIFICATE', certificate.der),
      chain: pem.slice(0, -1),
      anchors: pem.slice(-1),
      lists: known.map((list) => encodePem('X509 CRL', list)),
    },
  };
}

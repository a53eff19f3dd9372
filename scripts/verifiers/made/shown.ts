/** A certificate as a server shows it at this moment: with the chain above it, and the lists that are served. */
import type { Authority } from '../../../src/domain/authority.ts';
import type { Certificate } from '../../../src/domain/certificate.ts';
import type { AuthorityId, CertificateId } from '../../../src/domain/ids.ts';
import type { OrderReference, PlaceOrder } from '../../../src/domain/ports/orders.ts';
import { decodePem } from '../../../src/pki/pem.ts';
import { createCustomer, issue, type TestApp } from '../../../test/support/app.ts';
import { crlDerOf } from '../../../test/support/crl.ts';
import { authoritiesOf, certificatePem, listPem } from '../../authority-kinds.ts';
import type { Situation } from '../situations.ts';

export const name = 'www.verified.example';

const hourMs = 3_600_000;

/** @param leaf DER, and who signed it */
export async function shown(
  app: TestApp,
  leaf: { readonly der: Uint8Array; readonly authorityId: AuthorityId | null },
): Promise<Situation> {
  // What was revoked is in a list that a job makes.
  await app.idle();
  const authorities = await authoritiesOf(app);
  const above: Authority[] = [];
  for (let id = leaf.authorityId; id !== null; id = above.at(-1)?.parentId ?? null) {
    const authority = authorities.find((one) => one.id === id);
    if (authority === undefined) throw new Error(`there is no authority ${id}`);
    above.push(authority);
  }
  const pem = above.map(({ certificate }) => certificatePem(certificate));
  return {
    name,
    at: new Date(app.clock.now().getTime() + hourMs),
    leaf: certificatePem(leaf.der),
    chain: pem.slice(0, -1),
    anchors: pem.slice(-1),
    lists: await Promise.all(above.map((authority) => listOf(app, authority))),
  };
}

export async function listOf(app: TestApp, { id, subject }: Authority): Promise<string> {
  const list = await crlDerOf(app.database.read, id);
  if (list === undefined) throw new Error(`there is no list of ${subject}`);
  return listPem(list);
}

export interface Orders {
  /** A certificate of this authority: who would sign is certmux's choice, and must be the one. */
  issue(by: Authority, names?: readonly string[], change?: Partial<PlaceOrder>): Promise<Certificate>;
  revoke(certificate: Certificate): Promise<void>;
}

export async function openOrders(app: TestApp): Promise<Orders> {
  const { caller } = await createCustomer(app, { balanceMinor: 100_000_00 });
  const references = new Map<CertificateId, OrderReference>();
  return {
    async issue(by, names = [name], change = {}) {
      const { certificate, order } = await issue(app, caller, names, change);
      if (certificate === null) throw new Error(`no certificate was issued by ${by.subject}`);
      if (certificate.authorityId !== by.id)
        throw new Error(`${certificate.authorityId} signed, and not ${by.subject}`);
      references.set(certificate.id, order);
      return certificate;
    },
    async revoke({ id }) {
      const order = references.get(id);
      if (order === undefined) throw new Error(`${id} was not issued here`);
      // Not keyCompromise: all are for the same key, which would be blocked.
      await app.ports.revocations.revokeOrder(caller, order, 'superseded');
      await app.idle();
    },
  };
}

/** Hands in a list that was made outside. @param list PEM */
export async function upload(app: TestApp, { id }: Authority, list: string): Promise<void> {
  const der = decodePem(list, { what: 'the list', labels: ['X509 CRL'] });
  await app.ports.authorities.uploadList(app.operator, id, der);
}

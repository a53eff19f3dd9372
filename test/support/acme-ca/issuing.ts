/** Finalizing an order (RFC 8555 §7.4): the request is checked, and a certificate made, at once or later. */
import { createPublicKey } from 'node:crypto';
import { type Csr, parseCsr, verifyCsrSync } from '../../../src/pki/csr.ts';
import { type CaOrder, setOf } from './books.ts';
import type { Ca, Call, Reply } from './context.ts';
import { decode } from './jws.ts';
import { makeCertificate } from './leaves.ts';
import { ownOrder, shownOrder, statusOfOrder } from './orders.ts';
import { AcmeProblem, problem } from './problem.ts';

export async function finalize(call: Call, ca: Ca): Promise<Reply> {
  const order = ownOrder(call, ca);
  const { payload = {}, drawn } = call;
  const status = statusOfOrder(ca, order);
  const { isSynchronous, takesMs } = ca.settings.finalize;
  const isAgain = status === 'processing' || status === 'valid';
  if (isAgain && ca.settings.finalizeAgain === 'same') return { status: 200, ...shownOrder(ca, order) };
  const isTaken = status === 'ready' || (status === 'valid' && ca.settings.finalizeAgain === 'issue');
  if (!isTaken) throw problem('orderNotReady', `the order is ${status}`);
  const csr = decode(payload.csr, 'the csr');
  requireFit(ca, order, csr);
  // Nobody else gets in from here on.
  order.csr = csr;
  order.finalized++;
  if (drawn.takes('forgetFinalize')) return { status: 200, ...shownOrder(ca, order, 'processing') };
  order.state = 'processing';
  const copies = drawn.takes('issueTwice') ? 2 : 1;
  if (isSynchronous) {
    if (takesMs > 0) await ca.clock().sleep(takesMs);
    issue(ca, order, copies);
    return { status: 200, ...shownOrder(ca, order) };
  }
  ca.agenda.add(new Date(ca.clock().now().getTime() + takesMs), () => issue(ca, order, copies));
  return { status: 200, ...shownOrder(ca, order) };
}

/** Makes what was ordered, or refuses it late. */
function issue(ca: Ca, order: CaOrder, copies: number): void {
  if (order.state !== 'processing' || order.csr === undefined) return;
  const names = order.identifiers.map(({ value }) => value);
  const drawn = ca.manners.draw({ moment: 'issue', names, url: undefined });
  const refusal = drawn.takesOne('problem');
  if (refusal !== undefined) {
    order.state = 'invalid';
    order.error = new AcmeProblem(refusal.problem, refusal.detail ?? 'not today').wire;
    return;
  }
  const { spkiDer } = parseCsr(order.csr).publicKey;
  for (let count = 0; count < copies; count++) order.certificate = makeCertificate(ca, order, { spkiDer, drawn });
  order.state = 'valid';
}

/** serverAuth may be asked for; Google refuses a request that asks for this one as well. */
const clientAuthOid = Buffer.from('06082b06010505070302', 'hex');

/** @throws {AcmeProblem} badCSR */
function requireFit({ settings }: Ca, { account, identifiers }: CaOrder, der: Buffer): void {
  let csr: Csr;
  try {
    csr = parseCsr(der);
    verifyCsrSync(csr);
  } catch (error) {
    throw problem('badCSR', error instanceof Error ? error.message : 'it cannot be read');
  }
  const { commonName, requestedNames, publicKey } = csr;
  const asked = setOf(
    [...requestedNames, ...(commonName === undefined ? [] : [commonName])].map((one) => one.toLowerCase()),
  );
  const ordered = setOf(identifiers.map(({ value }) => value));
  if (asked !== ordered) throw problem('badCSR', `it is for ${asked}, and the order for ${ordered}`);
  const key = createPublicKey({ key: publicKey.spkiDer, format: 'der', type: 'spki' });
  if (key.equals(account.key)) throw problem('badCSR', 'it is for the key of the account');
  if (settings.refusesClientAuth && der.includes(clientAuthOid)) throw problem('badCSR', 'clientAuth is not sold');
  if (settings.requiresContact === 'finalize' && account.contact.length === 0) {
    throw problem('badCSR', 'the account has no contact');
  }
}

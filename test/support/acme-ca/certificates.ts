/** Certificates of the CA as they leave it (RFC 8555 §7.4.2), and their revocation (§7.6). */
import { createPublicKey, X509Certificate } from 'node:crypto';
import { parseCsr } from '../../../src/pki/csr.ts';
import { pemOf } from './authority.ts';
import type { CaCertificate } from './books.ts';
import { accountOf, type Ca, type Call, type Reply } from './context.ts';
import { decode } from './jws.ts';
import { makeCertificate } from './leaves.ts';
import { notFound, problem } from './problem.ts';

export function certificate(call: Call, ca: Ca): Reply {
  const [id, index = '0'] = call.params;
  const found = ca.books.certificates.find((one) => one.id === id);
  const chain = found?.chains[Number(index)];
  if (found === undefined || chain === undefined) throw notFound('certificate');
  if (found.order.account !== accountOf(call))
    throw problem('unauthorized', 'this is the certificate of somebody else');
  const { drawn } = call;
  const { order } = found;
  const shown =
    order.csr !== undefined && drawn.takes('issueAgain')
      ? makeCertificate(ca, order, { spkiDer: parseCsr(order.csr).publicKey.spkiDer, drawn })
      : found;
  shown.downloads++;
  const hasAlternates = found.chains.length > 1 && !drawn.takes('noAlternates');
  const links = found.chains.flatMap((_, other) =>
    String(other) === index || !hasAlternates
      ? []
      : [`<${ca.urlOf(`/certificate/${found.id}${other === 0 ? '' : `/${other}`}`)}>;rel="alternate"`],
  );
  if (drawn.takes('derInstead')) {
    return { status: 200, links, contentType: 'application/pkix-cert', body: shown.der.toString('latin1') };
  }
  return { status: 200, links, contentType: 'application/pem-certificate-chain', body: pemFor(call, shown, chain) };
}

function pemFor({ drawn }: Call, { der }: CaCertificate, chain: readonly Uint8Array[]): string {
  const sent = drawn.takes('withRoot') ? chain : chain.slice(0, -1);
  const all = [der, ...(drawn.takes('noChain') ? [] : sent)];
  const blocks = (drawn.takes('leafLast') ? all.toReversed() : all).map(pemOf);
  let text = blocks.join('');
  if (drawn.takes('textAround')) {
    text = `subject=CN = the leaf\n${blocks.join('\nissuer=somebody\n\n')}\n-- end of chain --\n`;
  }
  if (drawn.takes('noFinalNewline')) text = text.trimEnd();
  return drawn.takes('crlf') ? text.replaceAll('\n', '\r\n') : text;
}

/** By the account that ordered it, or by its own key. */
export function revoke(call: Call, ca: Ca): Reply {
  const { payload = {}, account, key } = call;
  const der = decode(payload.certificate, 'the certificate');
  const found = ca.books.certificates.find((one) => one.der.equals(der));
  if (found === undefined) throw notFound('certificate');
  const isItsKey = account === undefined && key !== undefined && createPublicKey(keyIn(der)).equals(key);
  if (!isItsKey && found.order.account !== account) throw problem('unauthorized', 'this is not your certificate');
  if (found.revoked !== undefined) throw problem('alreadyRevoked', 'it has been revoked already');
  const { reason = 0 } = payload;
  if (typeof reason !== 'number' || ![0, 1, 3, 4, 5].includes(reason)) {
    throw problem('badRevocationReason', `${String(reason)} is no reason`);
  }
  found.revoked = { at: ca.now(), reason };
  return { status: 200 };
}

function keyIn(der: Buffer) {
  const bytes = new X509Certificate(der).publicKey.export({ format: 'der', type: 'spki' });
  return { key: bytes, format: 'der', type: 'spki' } as const;
}

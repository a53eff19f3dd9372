/** An order as polls and callbacks show it. */
import { renderReason } from '../../domain/errors.ts';
import type { Language } from '../../domain/language.ts';
import type { OrderView } from '../../domain/ports/orders.ts';
import { thumbprint } from '../../pki/certificate.ts';
import { intermediatesOf } from '../../pki/intermediates.ts';
import { privateKeyPem, publicKeyOf, traditionalFormat } from '../../pki/key.ts';
import { encodePem } from '../../pki/pem.ts';
import { formatWireTime, type UtcOffset } from '../kit/wire-time.ts';
import { dialectDataOf } from './dialect-data.ts';
import type { Application, IssuedApplication } from './schema.ts';
import { statusOf } from './status.ts';

/** Anything but an issued one: that needs its key. */
export function unissuedToWire(view: OrderView, language: Language): Exclude<Application, IssuedApplication> {
  const { order, issuance } = view;
  const { status, progress } = statusOf(view);
  const domains = domainsOf(view);
  // No nulls and no empty fields here: the sample has these four, and clients take `certificate` for the end.
  if (status === 2) {
    const { rest } = issuance;
    // What only the customer can mend would otherwise look like a CA that is slow.
    const reason = rest?.turn === 'customer' ? { reason: renderReason(rest.reason, language) } : {};
    return { id: order.number, status, domains, progress, ...reason };
  }
  const reason = issuance.failure === null ? order.state : renderReason(issuance.failure, language);
  return { id: order.number, status: 3, domains, certificate: '', privateKey: '', progress, reason };
}

/** @param privateKey PKCS#8; null where the key is the customer's own, whose place then stays empty */
export function issuedToWire(view: OrderView, privateKey: Uint8Array | null, timeOffset: UtcOffset): IssuedApplication {
  const { order, issuance, certificate } = view;
  if (certificate === null) throw new Error(`order ${order.number} has no certificate`);
  const { algorithm, ca } = dialectDataOf(order);
  const chain = [certificate.der, ...intermediatesOf(view)];
  return {
    id: order.number,
    status: 1,
    algorithm,
    ca,
    name: issuance.names[0]?.identifier.value ?? '',
    domains: domainsOf(view),
    notBefore: formatWireTime(certificate.notBefore, timeOffset),
    notAfter: formatWireTime(certificate.notAfter, timeOffset),
    // The file that a web server loads: the PowerShell client writes it to disk as it is.
    certificate: chain.map((der) => encodePem('CERTIFICATE', der)).join(''),
    privateKey: privateKey === null ? '' : keyToPem(privateKey),
    fingerprints: thumbprint(certificate.der, 'sha256'),
    progress: 100,
  };
}

/** `EC PRIVATE KEY` as in the sample, and its like for RSA. */
function keyToPem(pkcs8: Uint8Array): string {
  return privateKeyPem(pkcs8, traditionalFormat(publicKeyOf(pkcs8).algorithm));
}

function domainsOf({ issuance }: OrderView): string {
  return issuance.names.map((name) => name.identifier.value).join(',');
}

/** A certificate with those above it, as answers and files carry them. */
import type { OrderView } from '../../../domain/ports/orders.ts';
import { parseCertificate, thumbprint } from '../../../pki/certificate.ts';
import { commonNameOf } from '../../../pki/name.ts';
import { encodePem } from '../../../pki/pem.ts';
import type { ChainLink } from '../orders/place-schema.ts';

export interface IssuerFacts {
  readonly commonName: string;
  readonly pem: string;
  /** Its id in `ca_cert`: half of its thumbprint. */
  readonly id: string;
}

/** Every certificate has the same issuers: they are read once. */
const known = new WeakMap<Uint8Array, IssuerFacts>();

export function issuerFacts(der: Uint8Array): IssuerFacts {
  const found = known.get(der);
  if (found !== undefined) return found;
  const facts = {
    commonName: commonNameOf(parseCertificate(der).subject) ?? '',
    pem: encodePem('CERTIFICATE', der),
    id: thumbprint(der, 'sha1').slice(0, 16).toUpperCase(),
  };
  known.set(der, facts);
  return facts;
}

/** Leaf first, root last; line ends as in the vendor's samples. Undefined without a certificate. */
export function chainToWire({ certificate, chain }: Pick<OrderView, 'certificate' | 'chain'>): ChainLink[] | undefined {
  if (certificate === null) return undefined;
  const commonName = commonNameOf(parseCertificate(certificate.der).subject) ?? certificate.names[0] ?? '';
  const leaf = { subject_common_name: commonName, pem: crlf(encodePem('CERTIFICATE', certificate.der)) };
  return [
    leaf,
    ...chain.map(issuerFacts).map(({ commonName: subject, pem }) => ({ subject_common_name: subject, pem: crlf(pem) })),
  ];
}

function crlf(text: string): string {
  return text.replaceAll('\n', '\r\n');
}

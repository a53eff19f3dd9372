/** Certificates and renewal information as CAs send them. */
import { CertError } from '../../../domain/errors.ts';
import { decodePemBundle } from '../../../pki/pem.ts';
import type { AcmeReply, Exchanger } from './exchange.ts';
import type { AcmeChain, AcmeLink, AcmeRenewalWindow } from './face.ts';
import { parsed } from './parsed.ts';
import { seenRenewalInfo } from './schema.ts';

/** What we read of the other chains for the same leaf; CAs have two or three. */
const mostAlternates = 5;
/** Leaf, intermediates, a cross certificate, perhaps the root. */
const mostCertificates = 12;
const labels = ['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE'];

/** RFC 8555 §7.4.2; whatever the media type, and whatever stands around the certificates. @throws {AcmeFailure} unreadable */
export function chainIn(
  exchanger: Pick<Exchanger, 'failure'>,
  reply: AcmeReply,
  links: readonly AcmeLink[],
): AcmeChain {
  const certificates = blocksIn(reply.text).filter(({ label }) => labels.includes(label));
  // A body that was cut off would be taken for a certificate without its chain.
  const isWhole = countOf(reply.text, '-----BEGIN ') === countOf(reply.text, '-----END ');
  if (!isWhole || certificates.length === 0 || certificates.length > mostCertificates) {
    throw exchanger.failure(reply, 'unreadable', 'a certificate that is not PEM');
  }
  const alternates = new Set(links.filter(({ relation }) => relation === 'alternate').map(({ url }) => url));
  alternates.delete(reply.request.url);
  return {
    certificates: certificates.map(({ der }) => der),
    pem: reply.text,
    alternates: [...alternates].slice(0, mostAlternates),
  };
}

function countOf(text: string, mark: string): number {
  return text.split(mark).length - 1;
}

function blocksIn(text: string) {
  try {
    return decodePemBundle(text, 'the certificate');
  } catch (thrown) {
    if (thrown instanceof CertError) return [];
    throw thrown;
  }
}

/** RFC 9773 §4.2: a window that ends before it starts is no window. @throws {AcmeFailure} unreadable */
export function windowIn(exchanger: Pick<Exchanger, 'failure'>, reply: AcmeReply): AcmeRenewalWindow {
  const { suggestedWindow, explanationURL } = parsed(exchanger, reply, seenRenewalInfo);
  const [start, end] = [new Date(suggestedWindow.start), new Date(suggestedWindow.end)];
  // False for a time that is none, too.
  if (start < end) return { start, end, explanationUrl: explanationURL };
  throw exchanger.failure(reply, 'unreadable', 'a window of renewal that does not end after its start');
}

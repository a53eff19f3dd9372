/** The part of the stage for ACME clients: their key, what the server answers them, and what it knows of their certificates. */
import type { NativeClient } from '../../src/dialects/native/client.ts';
import { parseCertificate } from '../../src/pki/certificate.ts';
import { parseCrl } from '../../src/pki/crl-reader.ts';
import { requireReadable } from '../support/acme-patterns.ts';
import { recordReplies } from '../support/http-recorder.ts';
import type { World } from '../support/world.ts';

/** A reply as a program reads it. */
interface ShownReply {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly text: string;
}

export interface AcmeRecord {
  /** Every reply of the ACME server, in order. */
  readonly replies: readonly ShownReply[];
  /** Of replies that a client which greps could not have read. */
  readonly complaints: readonly string[];
  close(): void;
}

export function recordAcme({ secureUrl = '' }: World): AcmeRecord {
  const replies: ShownReply[] = [];
  const complaints: string[] = [];
  const { close } = recordReplies({ port: Number(new URL(secureUrl).port), start: '/acme/' }, (reply) => {
    const { method, path, status, text } = reply;
    replies.push({ method, path, status, text });
    try {
      requireReadable({ url: secureUrl + path, ...reply });
    } catch (thrown) {
      complaints.push(`${method} ${path}: ${thrown instanceof Error ? thrown.message : thrown}\n${text}`);
    }
  });
  return { replies, complaints, close };
}

/** An external account key, as a person would enter it in a client. */
export async function createAcmeKey(operator: NativeClient): Promise<Readonly<Record<string, string>>> {
  const account = await operator.accounts.create({ name: 'acme', currency: 'CNY', approval: 'automatic' });
  const { key, directoryUrl, hmacKey } = await operator.acmeKeys.create({
    account: account.id,
    name: 'clients',
    productCode: 'encryption365:100',
  });
  return { directoryUrl, kid: key.keyId, hmacKey };
}

/** State, ARI's name, whether the list of its CA has it, and how each name was proved. */
export async function showCertificate({ url }: World, operator: NativeClient, serial: string): Promise<object> {
  const { id, orderId, state } = await findCertificate(operator, serial);
  const { bytes } = await operator.certificates.download({ certificate: id, format: 'der' });
  const { serialHex, authorityKeyId = '', crlUrls } = parseCertificate(bytes);
  const [crlUrl = ''] = crlUrls;
  // Published below the name that is served by TLS, which this process does not trust.
  const list = await fetch(url + new URL(crlUrl).pathname);
  const crl = parseCrl(new Uint8Array(await list.arrayBuffer()));
  const { items } = await operator.authorizations.list({ order: orderId });
  return {
    state,
    isInCrl: crl.entries.some((entry) => entry.serialHex === serialHex),
    certId: certIdOf(authorityKeyId, serialHex),
    provedBy: Object.fromEntries(items.map(({ name, provedBy }) => [name, provedBy])),
  };
}

export async function revokeCertificate(operator: NativeClient, serial: string): Promise<void> {
  const { id } = await findCertificate(operator, serial);
  await operator.certificates.revoke({ certificate: id, reason: 'superseded' });
}

async function findCertificate(operator: NativeClient, serial: string) {
  const { items } = await operator.certificates.list({ serial: serial.toLowerCase() });
  const [found] = items;
  if (found === undefined) throw new Error(`there is no certificate ${serial}`);
  return found;
}

/** RFC 9773 §4.1: the serial as the octets of its DER, with the sign. */
function certIdOf(authorityKeyId: string, serialHex: string): string {
  const serial = Buffer.from(serialHex, 'hex');
  const octets = (serial[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), serial]) : serial;
  return `${Buffer.from(authorityKeyId, 'hex').toString('base64url')}.${octets.toString('base64url')}`;
}

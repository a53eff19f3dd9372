/** Keys that bind our account at a CA to one that the CA knows (RFC 8555 §7.3.4), made by the CA's own API for an e-mail address. */
import type { AcmeFetch } from '../../dialects/acme/client/face.ts';
import { refuse } from '../../domain/errors.ts';
import { printable } from '../../domain/printable.ts';
import { textOfReply } from '../../domain/reply-text.ts';
import { UpstreamFault } from '../../domain/upstream-fault.ts';
import { decodeBase64url } from '../../pki/base64url.ts';

export interface ExternalKey {
  readonly keyId: string;
  readonly hmacKey: Uint8Array;
}

export interface ExternalKeyRequest {
  /** `https://api.zerossl.com` */
  readonly baseUrl: string;
  readonly email: string;
}

/**
 * ZeroSSL's `POST /acme/eab-credentials-email` (zerossl.com/documentation/acme, "generate EAB credentials"): a form with `email`, and JSON
 * with `success`, `eab_kid` and `eab_hmac_key`. Each call makes a new pair for the same account at ZeroSSL.
 * @throws {CertError}
 */
export async function requestExternalKey(
  fetch: AcmeFetch,
  { baseUrl, email }: ExternalKeyRequest,
  signal: AbortSignal,
): Promise<ExternalKey> {
  const url = new URL('/acme/eab-credentials-email', baseUrl);
  const body = new URLSearchParams({ email });
  const { status, text } = await textOf(fetch, new Request(url, { method: 'POST', body, signal, redirect: 'manual' }));
  const reply = jsonIn(text);
  const { eab_kid: keyId, eab_hmac_key: hmacText } = reply;
  const hmacKey = typeof hmacText === 'string' ? decodeBase64url(hmacText.replace(/={1,2}$/, '')) : undefined;
  if (typeof keyId === 'string' && keyId !== '' && hmacKey !== undefined && hmacKey.length > 0)
    return { keyId, hmacKey };
  const detail = errorIn(reply) ?? `HTTP status ${status}, and no external account key`;
  throw refuse('upstreamUnavailable', { upstream: url.host, detail: printable(detail).slice(0, 200) });
}

async function textOf(fetch: AcmeFetch, request: Request): Promise<{ readonly status: number; readonly text: string }> {
  const { host } = new URL(request.url);
  try {
    const reply = await fetch(request);
    const bytes = new Uint8Array(await reply.arrayBuffer());
    return { status: reply.status, text: textOfReply(bytes, reply.headers.get('content-type')) };
  } catch (cause) {
    request.signal.throwIfAborted();
    const detail = cause instanceof UpstreamFault ? cause.message : 'could not be connected to';
    throw refuse('upstreamNoAnswer', { upstream: host, detail }, { cause });
  }
}

function jsonIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** `{"success":false,"error":{"code":2929,"type":"invalid_email_format"}}` */
function errorIn({ error }: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof error !== 'object' || error === null || !('type' in error)) return undefined;
  return typeof error.type === 'string' ? error.type : undefined;
}

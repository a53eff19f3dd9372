/** Signed requests (RFC 8555 §6.2): each with a nonce, and again with another where the CA refuses that. */
import type { JwsKey } from '../../../pki/jws-writer.ts';
import type { AcmeReply, AcmeRequest, Exchanger } from './exchange.ts';
import { AcmeFailure, acmeErrorName } from './failure.ts';
import type { KeptNonces } from './nonces.ts';

export type Payload = Readonly<Record<string, unknown>>;

export interface SignedPost extends Pick<AcmeRequest, 'call' | 'url' | 'timeoutMs' | 'headers' | 'signal'> {
  /** Undefined: a POST-as-GET (RFC 8555 §6.3). */
  readonly payload?: Payload;
  /** The payload without what nobody may see; the payload itself by default. */
  readonly shown?: Payload;
}

/** Who signs: the account, or before there is one the key itself (RFC 8555 §6.2). */
export interface PostSigner {
  readonly key: JwsKey;
  readonly accountUrl: string | null;
}

export interface PostOptions {
  readonly exchanger: Pick<Exchanger, 'send'>;
  readonly nonces: KeptNonces;
  /** A nonce by a request of its own. */
  newNonce(signal: AbortSignal | undefined): Promise<string>;
}

/** RFC 8555 §6.5 asks for retries of `badNonce`; Pebble refuses one good nonce in twenty, some CAs many more. */
const retries = 5;

/** @throws {AcmeFailure} */
export async function post(
  { exchanger, nonces, newNonce }: PostOptions,
  { key, accountUrl }: PostSigner,
  { payload, shown = payload, ...request }: SignedPost,
): Promise<AcmeReply> {
  const signer = accountUrl === null ? { jwk: key.jwk } : { kid: accountUrl };
  for (let retry = 0; ; retry++) {
    const nonce = nonces.take() ?? (await newNonce(request.signal));
    const jws = key.sign({ ...signer, nonce, url: request.url }, payload);
    try {
      return await exchanger.send({
        ...request,
        method: 'POST',
        headers: { 'content-type': 'application/jose+json', ...request.headers },
        body: JSON.stringify(jws),
        payload: shown,
        nonce,
      });
    } catch (thrown) {
      const isBadNonce = thrown instanceof AcmeFailure && acmeErrorName(thrown.failed.type) === 'badNonce';
      if (!isBadNonce || retry === retries) throw thrown;
    }
  }
}

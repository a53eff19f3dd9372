/** Who signed a request, and whether it may be heard (RFC 8555 §6.2 to §6.5). */
import type { CaAccount } from './books.ts';
import type { Ca, Call } from './context.ts';
import { isMembers, keyOfJwk, type Members, parseJson, readJws, requireSignature } from './jws.ts';
import type { Drawn, Operation } from './manners.ts';
import { problem } from './problem.ts';

export type Signer = Pick<Call, 'payload' | 'account' | 'jwk' | 'key'>;

export const nobody: Signer = { payload: undefined, account: undefined, jwk: undefined, key: undefined };

export interface SignedText {
  readonly operation: Operation;
  readonly url: string;
  readonly headers: Headers;
  readonly text: string;
  readonly drawn: Drawn;
}

/** @throws {AcmeProblem} what RFC 8555 §6 has for it; the nonce is looked at last */
export function authenticate(ca: Ca, { operation, url, headers, text, drawn }: SignedText): Signer {
  const contentType = headers.get('content-type') ?? 'nothing';
  if (contentType !== 'application/jose+json') {
    throw problem('malformed', `${contentType} instead of application/jose+json`, { status: 415 });
  }
  const jws = readJws(parseJson(text, 'the request'), 'the request');
  const { jwk, kid, nonce, url: signedUrl } = jws.header;
  if ((jwk === undefined) === (kid === undefined)) throw problem('malformed', 'either jwk or kid');
  if (signedUrl !== url) throw problem('unauthorized', `signed for ${String(signedUrl)}, sent to ${url}`);
  const account = kid === undefined ? undefined : accountAt(ca, kid);
  const takesKey = operation === 'newAccount' || operation === 'revoke';
  if (account === undefined && !takesKey) throw problem('malformed', 'an account has to sign this');
  const key = account?.key ?? keyOfJwk(jwk);
  requireSignature(jws, key);
  if (!ca.nonces.take(nonce)) throw problem('badNonce', 'this nonce is not good');
  if (drawn.takes('badNonce')) throw problem('badNonce', 'this nonce is not good today');
  if (account !== undefined && account.state !== 'valid') {
    throw problem('unauthorized', `the account is ${account.state}`);
  }
  return { payload: jws.payload, account, jwk: isMembers(jwk) ? jwk : undefined, key };
}

function accountAt(ca: Ca, kid: unknown): CaAccount {
  const found = ca.books.accounts.find(({ id, state }) => state !== 'deleted' && ca.urlOf(`/account/${id}`) === kid);
  if (found === undefined) throw problem('accountDoesNotExist', `there is no account ${String(kid)}`);
  return found;
}

/** The payload before anybody has checked the signature: only to tell operations apart. Undefined: a POST-as-GET, or no JWS at all. */
export function glimpse(text: string): Members | undefined {
  try {
    const { payload } = JSON.parse(text);
    const value: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return isMembers(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

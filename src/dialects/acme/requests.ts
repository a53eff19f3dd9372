/** Reading a signed request (RFC 8555 §6.2 to §6.5), and what was read of it beside its payload. */

import type { Credential } from '../../domain/account.ts';
import type { Caller, Origin } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { headerText, type Jws, type JwsSigner, keySignatureOf, parseJws, payloadOf, signerOf } from '../../pki/jws.ts';
import { checkPublicKey } from '../../pki/key-check.ts';
import { isKeySignature } from '../../pki/key-signature.ts';
import type { PublicKey } from '../../pki/public-key.ts';
import type { Incoming, Input } from '../kit/input.ts';
import { dialectName } from './name.ts';
import type { Services } from './services.ts';
import { accountIdIn } from './urls.ts';

export interface SignedRequest {
  readonly jws: Jws;
  readonly signer: JwsSigner;
  /** As the client signed it. */
  readonly url: string;
  /** True for the empty payload of a POST-as-GET. */
  readonly isReading: boolean;
  /** The ACME account, once it has authenticated. */
  credential?: Credential;
}

const read = new WeakMap<Request, SignedRequest>();

/** The signed parts of a request that `readSigned` has read. */
export function signedPartsOf(request: Request): SignedRequest {
  const found = read.get(request);
  if (found === undefined) throw refuse('internal', {}, { cause: new Error('the request was not read as a JWS') });
  return found;
}

/** The payload's members with the path's parameters over them. @throws {CertError} malformedRequest, badKey, tooLarge */
export async function readSigned(
  incoming: Incoming,
  services: Pick<Services, 'ownPathOf' | 'publicUrl'>,
): Promise<Input> {
  const { request } = incoming;
  const contentType = request.headers.get('content-type') ?? '';
  if (contentType.split(';')[0]?.trim().toLowerCase() !== 'application/jose+json') {
    throw refuse('jwsContentType', { found: quoted(contentType) });
  }
  const jws = parseJws(await incoming.text());
  const url = headerText(jws, 'url');
  requireUrl(url, request, services);
  const signer = signerOf(jws);
  const payload = payloadOf(jws);
  read.set(request, { jws, signer, url, isReading: payload === undefined });
  return { ...withoutNulls(payload), ...incoming.params };
}

/** Clients in Go and C# write null for a member that they leave out. */
function withoutNulls(members: object = {}): Input {
  const there = Object.entries(members).filter(([, value]) => value !== null);
  return Object.fromEntries(there.map(([name, value]) => [name, membersThere(value)]));
}

/** Also inside: `ancestorDomain` is a member of an identifier. A JWS is nowhere deep (`parseStrictJson`). */
function membersThere(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(membersThere);
  return typeof value === 'object' && value !== null ? withoutNulls(value) : value;
}

/** The URL as the client sees it. @throws {CertError} jwsUrl */
function requireUrl(
  signed: string,
  { url }: Request,
  { ownPathOf, publicUrl }: Pick<Services, 'ownPathOf' | 'publicUrl'>,
): void {
  const requested = targetOf(url);
  // What nearly every client signs needs no closer look.
  if (signed === publicUrl + requested || ownPathOf(signed) === requested) return;
  throw refuse('jwsUrl', { signed: quoted(signed, 200), requested: publicUrl + requested });
}

/** Path and query as they stand in the request. */
function targetOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('//') + 2);
  return start < 0 ? '' : url.slice(start);
}

/** Looked at after the signature, so that strangers burn no nonces. @throws {CertError} nonceWrong */
async function useNonce({ nonces }: Pick<Services, 'nonces'>, { jws }: SignedRequest): Promise<void> {
  const { nonce } = jws.header;
  if (typeof nonce !== 'string' || !(await nonces.use(nonce))) throw refuse('nonceWrong', {});
}

/** The account that signed. @throws {CertError} unauthenticated, forbidden, malformedRequest */
export async function authenticateAccount(
  services: Services,
  { request, directory, origin }: { readonly request: Request; readonly directory: string; readonly origin: Origin },
): Promise<Caller> {
  const signed = signedPartsOf(request);
  if ('jwk' in signed.signer) throw refuse('jwsNeedsAccount', {});
  const publicId = accountIdIn(services.ownPathOf(signed.signer.kid), directory);
  if (publicId === undefined) throw refuse('acmeAccountUnknown', {});
  const { caller, credential } = await services.signIn.authenticateKey(
    { dialect: dialectName, realm: directory, holder: { publicId }, proof: keySignatureOf(signed.jws) },
    origin,
  );
  await useNonce(services, signed);
  signed.credential = credential;
  return caller;
}

/** The key that a request carries and has signed. @throws {CertError} malformedRequest */
export async function authenticateBareKey(services: Services, request: Request): Promise<PublicKey> {
  const signed = signedPartsOf(request);
  if (!('jwk' in signed.signer)) throw refuse('jwsNeedsKey', {});
  const { jwk } = signed.signer;
  // A stranger's numbers could keep the thread that checks signatures busy for long.
  checkPublicKey(jwk);
  if (!(await isKeySignature(jwk, keySignatureOf(signed.jws)))) {
    throw refuse('credentialsWrong', { field: 'credential.signature' });
  }
  await useNonce(services, signed);
  return jwk;
}

/** The ACME account of a request that `authenticateAccount` let in. */
export function accountOfRequest(request: Request): Credential {
  const { credential } = signedPartsOf(request);
  if (credential === undefined) throw refuse('internal', {}, { cause: new Error('no account signed the request') });
  return credential;
}

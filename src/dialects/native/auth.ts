/**
 * Who calls: by a bearer token, or by the session of somebody who signed in (`session-cookie.ts`).
 *
 * Bearer tokens: `cmx_<publicId>_<secret>`. The prefix lets secret scanners know them; the public half finds the row, the
 * secret half proves it.
 */

import { networkOf } from '../../domain/address-range.ts';
import type { Caller, Origin } from '../../domain/caller.ts';
import { CertError, refuse } from '../../domain/errors.ts';
import { base32 } from '../../domain/ids.ts';
import type { SharedAllowances } from '../../domain/ports/allowances.ts';
import type { Peer } from '../../domain/ports/dialect.ts';
import type { SignIn } from '../../domain/ports/sign-in.ts';
import type { Randomness } from '../../domain/ports/system.ts';
import type { ReplyHead } from '../kit/operation.ts';
import { dialectName } from './name.ts';
import { isUnattended, requireConsole, sessionSecretOf, setSessionCookie } from './session-cookie.ts';

export interface TokenParts {
  readonly publicId: string;
  readonly secret: string;
}

/** Named in messages: what the caller must send. */
export const field = 'Authorization: Bearer';
const tokenForm = /^cmx_([0-9a-z]{16})_([0-9a-z]{26,64})$/;

/** 80 random bits that may be shown, in 16 characters, and 160 that may not, in 32. */
export function newTokenParts(random: Randomness): TokenParts {
  return { publicId: base32(random.bytes(10)), secret: base32(random.bytes(20)) };
}

export function formatToken({ publicId, secret }: TokenParts): string {
  return `cmx_${publicId}_${secret}`;
}

export function parseToken(text: string): TokenParts | undefined {
  const match = tokenForm.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return { publicId: match[1], secret: match[2] };
}

/** An operator names the account that they act for, by id or number. */
export const accountHeader = 'certmux-account';

export interface Arrived {
  readonly request: Request;
  readonly peer: Peer;
  /** Gets the cookie, where it changes. */
  readonly head: ReplyHead;
}

interface Context {
  readonly ports: { readonly signIn: SignIn };
  readonly publicUrl: string;
}

/** More than somebody has who comes back with an old key or session: a console of several tabs, a script that did not stop. */
const strangerRate = { burst: 300, everyMs: 1000 };

/**
 * Calls without credentials, and with wrong ones, by the network of their address. Whoever has right ones is let in all the same: others
 * may stand behind the same address.
 */
export function createStrangerLimit(allowances: SharedAllowances) {
  const refusals = allowances.open('native strangers', strangerRate);
  return async (peer: Pick<Peer, 'address'>, enter: () => Promise<Caller>): Promise<Caller> => {
    try {
      return await enter();
    } catch (thrown) {
      if (!(thrown instanceof CertError) || thrown.code !== 'unauthenticated') throw thrown;
      const waitMs = refusals.tryTake(networkOf(peer.address));
      if (waitMs === 0) throw thrown;
      throw refuse('strangersRateLimited', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
    }
  };
}

/** @throws {CertError} unauthenticated, forbidden, notFound for the account that is acted for */
export async function authenticate(context: Context, arrived: Arrived): Promise<Caller> {
  const { request, peer } = arrived;
  const { signIn } = context.ports;
  const header = request.headers.get('authorization');
  const secret = sessionSecretOf(request, peer);
  if (header === null && secret === undefined) throw refuse('credentialsMissing', { field });
  // Neither may add to the other: which of them counted would depend on who reads the request.
  if (header !== null && secret !== undefined) throw refuse('twoCredentials', {});
  const caller = await (header === null ? bySession(context, arrived, secret ?? '') : byToken(signIn, header, peer));
  const account = request.headers.get(accountHeader)?.trim() ?? '';
  return account === '' ? caller : signIn.actFor(caller, account);
}

async function bySession({ ports, publicUrl }: Context, { request, peer, head }: Arrived, secret: string) {
  requireConsole(request, { peer, publicUrl });
  const { caller, session, renewedSecret } = await ports.signIn.authenticateSession(
    { dialect: dialectName, secret, isUse: !isUnattended(request) },
    peer,
  );
  if (renewedSecret !== null) setSessionCookie(head, { secret: renewedSecret, session, peer });
  return caller;
}

async function byToken(signIn: SignIn, header: string, origin: Origin): Promise<Caller> {
  // RFC 9110 §11.1: the scheme's name is case-insensitive.
  const token = /^bearer +(\S+)$/i.exec(header.trim())?.[1];
  const parts = token === undefined ? undefined : parseToken(token);
  // A token of another form is refused as a wrong one, without a look at the database.
  if (parts === undefined) throw refuse('credentialsWrong', { field });
  return signIn.authenticate({ dialect: dialectName, ...parts }, origin);
}

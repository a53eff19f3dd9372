/** The server's own CA that has no certificate yet, since one outside is to sign it (`authority.root: outside`). */
import type { Authority, AuthorityRequest } from './authority.ts';
import { type Reason, reason } from './errors.ts';

export interface OwnCa {
  readonly authorities: readonly Pick<Authority, 'issuerId' | 'role' | 'keyPlace'>[];
  readonly requests: readonly Pick<AuthorityRequest, 'issuerId' | 'subject'>[];
}

/** What an operator has to do before anything is signed; undefined: it has a certificate, or had one. */
export function awaitedCa(issuerId: string, { authorities, requests }: OwnCa): Reason | undefined {
  const own = authorities.filter((one) => one.issuerId === issuerId);
  if (own.some(({ role, keyPlace }) => role === 'intermediate' && keyPlace === 'here')) return undefined;
  const waiting = requests.findLast((one) => one.issuerId === issuerId);
  return waiting === undefined ? reason('caAwaited', {}) : reason('caRequestWaits', { subject: waiting.subject });
}

/** Checks one challenge over the network: one row per method. */
import type { CheckChallenge, CheckedChallenge } from '../domain/challenge.ts';
import type { Identifier } from '../domain/identifier.ts';
import type { Clock, DnsResolver, FetchUntrusted, HandshakeUntrusted, PublicSuffixes } from '../domain/ports/system.ts';
import { checkDnsCname } from './dns-cname.ts';
import { checkDnsPersist } from './dns-persist.ts';
import { checkDnsTxt } from './dns-txt.ts';
import { checkHttpFile } from './http-file.ts';
import { checkHttpsFile } from './https-file.ts';
import { type Finding, measured } from './measured.ts';
import { checkTlsAlpn } from './tls-alpn.ts';

export interface CheckDependencies {
  readonly clock: Clock;
  readonly resolver: DnsResolver;
  readonly fetchUntrusted: FetchUntrusted;
  readonly handshakeUntrusted: HandshakeUntrusted;
  readonly publicSuffixes: Pick<PublicSuffixes, 'hasKnownSuffix'>;
}

export function createCheckChallenge({
  clock,
  resolver,
  fetchUntrusted,
  handshakeUntrusted,
  publicSuffixes,
}: CheckDependencies): CheckChallenge {
  const check = (identifier: Identifier, challenge: CheckedChallenge, signal: AbortSignal): Promise<Finding> => {
    switch (challenge.method) {
      case 'httpFile':
        return checkHttpFile({ identifier, challenge: { ...challenge, method: 'httpFile' }, fetchUntrusted, signal });
      case 'httpsFile':
        return checkHttpsFile({ identifier, challenge: { ...challenge, method: 'httpsFile' }, fetchUntrusted, signal });
      case 'tlsAlpn':
        return checkTlsAlpn({ identifier, challenge, handshakeUntrusted, signal });
      case 'dnsCname':
        return checkDnsCname({ identifier, challenge, resolver, publicSuffixes, signal });
      case 'dnsTxt':
        return checkDnsTxt({ identifier, challenge, resolver, publicSuffixes, signal });
      case 'dnsPersist':
        return checkDnsPersist({ identifier, challenge, clock, resolver, publicSuffixes, signal });
      default:
        return challenge satisfies never;
    }
  };
  return (identifier, challenge, signal) => measured(clock, () => check(identifier, challenge, signal));
}

/**
 * Challenges of upstreams that this API can show. It names the value of a proof, and has fields for the target of a CNAME and for
 * the URL of a file; a TXT record lies at the name or at `_dnsauth` below it, which no field says otherwise.
 */
import type { Challenge } from '../../domain/challenge.ts';
import { baseName, type Identifier } from '../../domain/identifier.ts';
import type { RelayDoor } from '../../domain/relay.ts';

export const relayDoor: RelayDoor = {
  methods: ['dnsTxt', 'dnsCname', 'httpFile', 'email'],
  // Clients know the target beforehand (`dcv.digicert.com`) and take the label for a random value.
  showsDelegation: false,
  shows(challenge, name) {
    switch (challenge.method) {
      case 'email':
        return true;
      case 'httpFile':
        return true;
      case 'httpsFile':
      case 'tlsAlpn':
      case 'dnsPersist':
        return false;
      case 'dnsTxt':
        return hostsOf(challenge).some((host) => host === baseName(name) || host === `_dnsauth.${baseName(name)}`);
      case 'dnsCname':
        return labelOf(challenge, name) !== undefined;
      default:
        return challenge satisfies never;
    }
  },
};

/** What stands left of the name in the host of the CNAME: the vendor's token. */
export function labelOf(challenge: Extract<Challenge, { method: 'dnsCname' }>, name: Identifier): string | undefined {
  const end = `.${baseName(name)}`;
  const host = hostsOf(challenge).find((one) => one.endsWith(end));
  return host?.slice(0, -end.length);
}

function hostsOf({
  host,
  alternativeHosts = [],
}: {
  readonly host: string;
  readonly alternativeHosts?: readonly string[];
}): readonly string[] {
  return [host, ...alternativeHosts];
}

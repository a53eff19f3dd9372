/** The six `DCV…` fields of a name with another challenge than ours, of an upstream or a delegation: the one of the chosen method. */
import type { Authorization } from '../../domain/authorization.ts';
import type { Challenge } from '../../domain/challenge.ts';
import { baseName, type Identifier } from '../../domain/identifier.ts';
import type { DcvFields } from './schema.ts';

/** Before certmux has made the key with the order, or an upstream its challenges, they cannot be known. */
export const emptyFields: DcvFields = {
  DCVfileName: '',
  DCVfileContent: '',
  DCVfilePath: '',
  DCVdnsHost: '',
  DCVdnsValue: '',
  DCVdnsType: '',
};

export function relayedFieldsOf({ identifier, challenges, preferredMethod }: Authorization): DcvFields {
  const challenge = challenges.find(({ method }) => method === preferredMethod) ?? challenges[0];
  switch (challenge?.method) {
    case undefined:
    case 'email':
    case 'tlsAlpn':
    case 'dnsPersist':
      return emptyFields;
    case 'httpFile':
    case 'httpsFile': {
      const { path, content, method } = challenge;
      const host = identifier.kind === 'ipv6' ? `[${identifier.value}]` : baseName(identifier);
      return {
        ...emptyFields,
        DCVfileName: path.slice(path.lastIndexOf('/') + 1),
        DCVfileContent: content,
        DCVfilePath: `${method === 'httpsFile' ? 'https' : 'http'}://${host}${path}`,
      };
    }
    case 'dnsCname':
    case 'dnsTxt':
      return recordFieldsOf(identifier, challenge);
    default:
      return challenge satisfies never;
  }
}

export function recordFieldsOf(
  name: Identifier,
  challenge: Extract<Challenge, { readonly method: 'dnsCname' | 'dnsTxt' }>,
): DcvFields {
  return {
    ...emptyFields,
    DCVdnsHost: labelOf(challenge.host, baseName(name)),
    DCVdnsValue: challenge.method === 'dnsCname' ? challenge.target : challenge.value,
    DCVdnsType: challenge.method === 'dnsCname' ? 'CNAME' : 'TXT',
  };
}

/** Only the label: clients put the name behind it. `@`: the record lies at the name itself. */
function labelOf(host: string, base: string): string {
  if (host === base) return '@';
  return host.endsWith(`.${base}`) ? host.slice(0, -base.length - 1) : host;
}

/** The six `DCV…` fields of a name that an upstream checks: its challenge by the chosen method, where it has one. */
import type { Authorization } from '../../domain/authorization.ts';
import { baseName } from '../../domain/identifier.ts';
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
      return {
        ...emptyFields,
        DCVdnsHost: labelOf(challenge.host, baseName(identifier)),
        DCVdnsValue: challenge.method === 'dnsCname' ? challenge.target : challenge.value,
        DCVdnsType: challenge.method === 'dnsCname' ? 'CNAME' : 'TXT',
      };
    default:
      return challenge satisfies never;
  }
}

/** Only the label: clients put the name behind it. `@`: the record lies at the name itself. */
function labelOf(host: string, base: string): string {
  if (host === base) return '@';
  return host.endsWith(`.${base}`) ? host.slice(0, -base.length - 1) : host;
}

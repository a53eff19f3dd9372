/**
 * `--via acme`: the certificate comes from an ACME CA, which is a second certmux on loopback, and the proofs that the CA looks for are
 * in the alias zone of the first.
 */
import type { NativeClient } from '../dialects/native/client.ts';
import type { Randomness } from '../domain/ports/system.ts';
import type { Proof } from './customer-servers.ts';
import type { AskZone } from './loopback-dns.ts';
import { freePort, type ServiceOptions, startService } from './service.ts';
import { issuerId, type Upstream } from './upstream.ts';
import { askServer } from './zone-server.ts';

/** TXT records that were asked for in the alias zone, with what was there. */
interface SeenText {
  readonly name: string;
  readonly texts: readonly string[];
}

const zoneName = 'acme.certs.example';

const address = '127.0.0.1';
const contact = 'ops@certs.example';
/** What the CA sells to its ACME clients. */
const productCode = 'native:tls-dv';

/**
 * @param options `dataDirectory` and `logFile` are the CA's own
 * @param isShown the API shows the delegations in its replies, so that the customer need not set them beforehand
 */
export async function startAcmeUpstream(
  options: Omit<ServiceOptions, 'settings'> & { readonly random: Randomness },
  isShown: boolean,
): Promise<Upstream> {
  const { servers, random } = options;
  const settings = {
    authority: { allowLocalPkiUrl: true, organization: 'Quickstart Upstream' },
    dialects: { acme: {} },
  };
  const service = await startService({ ...options, settings });
  const { operator } = service;
  const { id } = await operator.accounts.create({ name: 'certmux', currency: 'CNY' });
  const { key, directoryUrl, hmacKey } = await operator.acmeKeys.create({ account: id, name: 'certmux', productCode });
  const endpoint = { address, port: await freePort() };
  const looked: SeenText[] = [];
  servers.dns.delegate(zoneName, recording(askServer(endpoint, random), looked));
  return {
    service,
    url: directoryUrl,
    firstDetail: `, which answers for the alias zone ${zoneName}`,
    ...(isShown
      ? {}
      : {
          preparation: {
            title: 'Delegations to set',
            how: 'once, as certmux dns check shows them',
            proofsFor: delegationsOf,
          },
        }),
    async facts() {
      const found = new Set(looked.filter(({ texts }) => texts.length > 0).map(({ name }) => name)).size;
      return [
        ['Issuer', `${issuerId}, an ACME CA at ${directoryUrl}`],
        ['Alias zone', `${zoneName}, where the CA found the proofs of ${found} names`],
      ];
    },
    settings: {
      aliasZone: {
        zone: zoneName,
        listen: [`${endpoint.address}:${endpoint.port}`],
        nameServers: [{ name: `ns1.${zoneName}`, addresses: [endpoint.address] }],
        contact,
        ttlSeconds: 1,
      },
      issuers: {
        [issuerId]: {
          kind: 'acme',
          directory: directoryUrl,
          contacts: [contact],
          termsAgreed: true,
          externalKey: { keyId: key.keyId, hmacKey },
        },
      },
    },
  };
}

function recording(ask: AskZone, looked: SeenText[]): AskZone {
  return async (name, type) => {
    const answer = await ask(name, type);
    if (type === 'TXT') {
      looked.push({ name, texts: answer.records.flatMap((one) => (one.type === 'TXT' ? [one.data] : [])) });
    }
    return answer;
  };
}

/** What the customer sets once where the API does not show it: the same record that `certmux dns check` shows. */
async function delegationsOf(
  operator: NativeClient,
  { account, names }: { readonly account: string; readonly names: readonly string[] },
  signal: AbortSignal,
): Promise<readonly Proof[]> {
  const checked = await operator.delegations.check({ account, names: [...names] }, { signal });
  return checked.names.map(({ name, ways }) => {
    const record = ways.find(({ mode }) => mode === 'alias')?.record;
    if (record === undefined || record === null) throw new Error(`the reply shows no delegation of ${name}`);
    return { kind: 'cname', name, host: record.host, target: record.value };
  });
}

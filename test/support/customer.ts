/** A customer of the Encryption365 front door: account, user and device, and the proofs they place. */
import { createEncryption365Client, type Encryption365Client } from '../../src/dialects/encryption365/client.ts';
import { Secret } from '../../src/dialects/kit/secret.ts';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import type { LoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import type { LoopbackWeb } from '../../src/quickstart/loopback-web.ts';

export interface Customer {
  readonly clientId: string;
  readonly accessToken: string;
  readonly accountId: string;
  readonly client: Encryption365Client;
}

const fetchRequest = (request: Request) => fetch(request);

/** Makes an account with money, a user, and signs a device in, all over HTTP. @param operator their token, or their client */
export async function createCustomer(
  url: string,
  operator: string | NativeClient,
  options: { readonly name?: string; readonly creditMinor?: number; readonly approval?: 'automatic' | 'manual' } = {},
): Promise<Customer> {
  const { name = 'customer', creditMinor = 0, approval = 'automatic' } = options;
  const native =
    typeof operator === 'string'
      ? createNativeClient({ baseUrl: url, token: operator, fetch: fetchRequest })
      : operator;
  const account = await native.accounts.create({ name, currency: 'CNY', approval });
  if (creditMinor > 0) {
    await native.accounts.credit({ account: account.id, minor: creditMinor, currency: 'CNY', note: 'test' });
  }
  const username = `${name}@example.com`;
  const password = 'correct horse battery staple';
  await native.users.create({ account: account.id, username, password, roles: ['requester'] });
  const device = await createEncryption365Client({ baseUrl: url, fetch: fetchRequest }).signIn({
    username,
    password: new Secret(password),
    serverName: 'test device',
  });
  const { client_id: clientId, access_token: accessToken } = device;
  return {
    clientId,
    accessToken,
    accountId: account.id,
    client: createEncryption365Client({
      baseUrl: url,
      fetch: fetchRequest,
      credentials: { clientId, accessToken: new Secret(accessToken) },
    }),
  };
}

/** Challenges of one name in a reply, as far as placing them needs it. */
export interface ProofToPlace {
  readonly http_verifylink: string;
  readonly http_filecontent: string;
}

/** The names' addresses and the files at them: everything by HTTP, wildcards at their base name. */
export function placeHttpProofs(
  world: { readonly dns: LoopbackDns; readonly web: LoopbackWeb },
  dcvInfo: Readonly<Record<string, ProofToPlace>>,
): void {
  for (const [name, proof] of Object.entries(dcvInfo)) {
    const host = name.replace(/^\*\./, '');
    world.dns.set(host, 'A', world.web.address);
    world.web.put(host, new URL(proof.http_verifylink.replace('://*.', '://')).pathname, proof.http_filecontent);
  }
}

/** The settings that point validation at loopback servers. */
export function loopbackValidation(world: { readonly dns: LoopbackDns; readonly web: LoopbackWeb }) {
  return {
    dns: { resolvers: [`${world.dns.address}:${world.dns.port}`] },
    validation: { httpPort: world.web.httpPort, dangerAllowAddresses: ['127.0.0.0/8'] },
  };
}

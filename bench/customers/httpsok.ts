/**
 * httpsok: apply, then the application with its certificate and the key that certmux made. Each apply looks at the delegations over
 * DNS before it is taken, so the loopback DNS server, which shares the load generator's process, is part of what is measured.
 */
import { createHttpsokClient } from '../../src/dialects/httpsok/client.ts';
import { Secret } from '../../src/dialects/kit/secret.ts';
import {
  type BenchWorld,
  type CustomerScript,
  createKey,
  customerOf,
  fetchRequest,
  unexpected,
  valueIn,
  waitFor,
} from './customer.ts';

const domain = 'bench.example';
/** Of an application. */
const maxNames = 100;

export const httpsok: CustomerScript = {
  api: 'httpsok',
  title: '/v1/cert/apply + /v1/cert/apply/{id}, key made by the server',
  brings: 'nothing',
  async enter(world, { orders }) {
    const { OpenApiKey: key = '' } = await createKey(world, 'httpsok');
    // Within a minute the same names are the same application, so that orders are pairs of different names.
    const names = Array.from({ length: Math.ceil((1 + Math.sqrt(1 + 8 * orders)) / 2) }, (_, i) => `n${i}.${domain}`);
    await authorize(world, key, names);
    const headers = { OpenApiKey: key };
    return customerOf({
      calls: 2,
      order: (index) => ({
        method: 'POST',
        path: '/v1/cert/apply',
        headers,
        body: JSON.stringify({ domainList: pairAt(names, index), algorithm: 'ECC' }),
      }),
      next(text) {
        const reply: unknown = JSON.parse(text);
        const data = valueIn(reply, 'data');
        if (typeof data === 'string') return { method: 'GET', path: `/v1/cert/apply/${data}`, headers };
        if (typeof valueIn(data, 'certificate') === 'string' && valueIn(data, 'status') === 1) return 'issued';
        if (valueIn(data, 'status') !== 2) throw unexpected(text);
        return { method: 'GET', path: `/v1/cert/apply/${valueIn(data, 'id')}`, headers };
      },
    });
  },
};

/** One application for every hundred names, after their records are set. */
async function authorize(world: BenchWorld, key: string, names: readonly string[]): Promise<void> {
  const client = createHttpsokClient({ baseUrl: world.url, fetch: fetchRequest, key: new Secret(key) });
  for (let start = 0; start < names.length; start += maxNames) {
    const some = names.slice(start, start + maxNames);
    const { configs } = await client.checkDelegation(some);
    for (const { host, hostValue } of configs) world.dns.set(`${host}.${domain}`, 'CNAME', hostValue);
    const application = await client.apply({ names: some });
    await waitFor('the first certificates', async () => {
      const { status } = await client.application(application);
      return status === 1 ? true : undefined;
    });
  }
}

/** All pairs in a row: (0,1), (0,2), (1,2), (0,3), … */
export function pairAt(names: readonly string[], index: number): readonly string[] {
  const second = Math.floor((1 + Math.sqrt(1 + 8 * index)) / 2);
  const first = index - (second * (second - 1)) / 2;
  const [one, other] = [names[first], names[second]];
  if (one === undefined || other === undefined) throw new Error(`there is no pair of names for order ${index}`);
  return [one, other];
}

/** What a client of httpsok does: delegates the names, applies, fetches the certificate and its key. */
import { createHttpsokClient } from '../dialects/httpsok/client.ts';
import { Secret } from '../dialects/kit/secret.ts';
import type { Customer, CustomerOptions, KeyScript, Offer, OrderState } from './customer.ts';

export const httpsokScript: KeyScript = {
  api: 'httpsok',
  title: 'httpsok',
  settings: { language: 'en' },
  entersBy: 'key',
  takesWildcards: true,
  showsDelegations: true,
  provesByCnameOnly: true,
  leavesKeyToServer: true,
  createCustomer,
};

const words: Readonly<Record<string, string>> = { 1: 'issued', 2: 'under way', 3: 'failed' };

function createCustomer(
  { baseUrl, fetch, isRelayed }: CustomerOptions,
  settings: Readonly<Record<string, string>>,
): Customer {
  const client = createHttpsokClient({ baseUrl, fetch, key: new Secret(settings.OpenApiKey ?? '') });
  let names: readonly string[] = [];
  let application: string | undefined;

  /** Each name is its own record here: the names that the quickstart orders share none. */
  async function readOffers(signal: AbortSignal): Promise<readonly Offer[]> {
    const { configs } = await client.checkDelegation(names, signal);
    return configs.map(({ domain: name, host, hostValue }) =>
      host === '' ? { name } : { name, cname: { host: absolute(host, name), target: hostValue } },
    );
  }

  return {
    preparations: [],
    orderCall: isRelayed === true ? 'POST /v1/cert/apply' : 'POST /v1/cert/dv',
    pollCall: '/v1/cert/apply',

    /**
     * The vendor wants the records first: the application follows at the first poll that finds them. Where another vendor checks the
     * names, its records are known only after the application.
     */
    async placeOrder(request, signal) {
      names = request.names;
      if (isRelayed === true) {
        application = await client.apply({ names }, signal);
        return { summary: `application ${application} for ${names.length} names`, offers: [] };
      }
      const offers = await readOffers(signal);
      return { summary: `${offers.length} records to set, once and for all`, offers };
    },

    ...(isRelayed === true
      ? {
          readOffers,
          async recheck(signal: AbortSignal) {
            await client.checkDelegation(names, signal);
          },
        }
      : {}),

    async readOrder(signal): Promise<OrderState> {
      application ??= await client.apply({ names }, signal);
      const state = await client.application(application, signal);
      const known = { status: words[state.status] ?? `status ${state.status}` };
      if (state.status === 3) return { ...known, verifiedNames: [], failure: state.reason };
      if (state.status === 2) return { ...known, verifiedNames: (state.progress ?? 0) >= 50 ? names : [] };
      const { certificate, privateKey } = state;
      return { ...known, verifiedNames: names, certificate: { certificate, intermediates: '', privateKey } };
    },
  };
}

/** The host is relative to the registrable domain, of which the name has as many labels as the host lacks. */
function absolute(host: string, domain: string): string {
  const base = domain.replace(/^\*\./, '');
  const sub = host.split('.').slice(1);
  return `${host}.${base.split('.').slice(sub.length).join('.')}`;
}

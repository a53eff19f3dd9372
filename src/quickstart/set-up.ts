/** What there is before the customer orders: the customer's servers, certmux with an account, and the CA where it buys, if it does. */
import type { NativeClient } from '../dialects/native/client.ts';
import { acmeProductDialect, makeCustomer, type NewCustomer } from './account.ts';
import { startAcmeUpstream } from './acme-upstream.ts';
import { type CustomerServers, placeProofs, startCustomerServers } from './customer-servers.ts';
import { type Service, startService } from './service.ts';
import { asItIs, type Play, type RunStep } from './steps.ts';
import { sellVia, type Upstream } from './upstream.ts';
import { startVendorUpstream } from './vendor-upstream.ts';
import type { Via } from './via.ts';

export interface SetUp {
  readonly servers: CustomerServers;
  readonly service: Service;
  readonly made: NewCustomer;
  /** Where certificates come from; undefined: from the service itself. */
  readonly upstream: Upstream | undefined;
}

interface Place {
  readonly step: RunStep;
  /** Of the customer's web server. */
  readonly hosts: readonly string[];
  /** That will be ordered. */
  readonly names: readonly string[];
  /** Stops all of it, in reverse order. */
  readonly cleanup: AsyncDisposableStack;
}

/** @throws {StepError} */
export async function setUp(options: Play, { step, hosts, names, cleanup }: Place): Promise<SetUp> {
  const { script, via, random } = options;
  const servers = await step(
    "Customer's servers",
    () => startCustomerServers(hosts, cleanup, needsBothSchemes(script.api, via)),
    ({ dns, web }) => `DNS ${dns.address}:${dns.port}, web ${web.address}:${web.httpPort}`,
  );
  const making = { ...options, servers, cleanup };
  const makeUser = (service: Service) =>
    step(
      script.entersBy === 'login' ? 'Account and user' : 'Account and key',
      ({ signal }) => makeCustomer(service.operator, script, { random, signal }),
      ({ account }) => `${account.name}, ${account.balance.amount}`,
    );
  const dialects = { [script.api]: script.settings };
  if (via === undefined) {
    const service = await step(
      'certmux and its CA',
      () => startService({ ...making, settings: { dialects } }),
      ({ url }) => `${url} with its own roots`,
    );
    return { servers, service, made: await makeUser(service), upstream: undefined };
  }

  const { vendor } = via;
  const there = { ...making, ...options.upstream };
  const upstream = await step(
    vendor === undefined ? 'The CA, by ACME' : 'The vendor',
    () =>
      vendor === undefined
        ? startAcmeUpstream(there, script.showsDelegations === true)
        : startVendorUpstream(there, vendor, needsBothSchemes(script.api, via)),
    ({ url }) => `a second certmux: ${url}`,
  );
  const service = await step(
    'certmux',
    () => startService({ ...making, settings: { ...upstream.settings, dialects } }),
    ({ url }) => `${url}${upstream.firstDetail}`,
  );
  const { operator } = service;
  await step(
    'Issuer of products',
    ({ signal }) => sellVia(operator, script.entersBy === 'acmeKey' ? acmeProductDialect : script.api, signal),
    (count) => `${count} of the API are bought from ${vendor === undefined ? 'that CA' : 'that vendor'} now`,
  );
  const made = await makeUser(service);
  await prepare(upstream, { options, step, servers, operator, wanted: { account: made.account.id, names } });
  return { servers, service, made, upstream };
}

/** What must stand before the order, where the API does not show it. */
async function prepare(
  { preparation }: Upstream,
  {
    options,
    step,
    servers,
    operator,
    wanted,
  }: {
    readonly options: Play;
    readonly step: RunStep;
    readonly servers: CustomerServers;
    readonly operator: NativeClient;
    readonly wanted: { readonly account: string; readonly names: readonly string[] };
  },
): Promise<void> {
  if (preparation === undefined) return;
  const { title, how, proofsFor, completion } = preparation;
  const proofs = await step(
    title,
    ({ signal }) => proofsFor(operator, wanted, signal),
    () => how,
  );
  options.report.proofs(proofs);
  placeProofs(proofs, servers);
  if (completion !== undefined) await step(completion.title, ({ signal }) => completion.run(signal), asItIs);
}

/** The file of the front door's customer and that of the vendor have one place: each stands there over a scheme of its own. */
function needsBothSchemes(api: string, via: Via | undefined): boolean {
  return via?.side.mode === 'signfile' && via.vendor?.kind === api;
}

/** What there is before the customer orders: the customer's servers, certmux with an account, and the CA where it buys, if it does. */
import { acmeProductDialect, makeCustomer, type NewCustomer } from './account.ts';
import { type AcmeUpstream, delegationsOf, sellVia, startAcmeUpstream, zoneName } from './acme-upstream.ts';
import { type CustomerServers, placeProofs, startCustomerServers } from './customer-servers.ts';
import { type Service, startService } from './service.ts';
import type { Play, RunStep } from './steps.ts';

export interface SetUp {
  readonly servers: CustomerServers;
  readonly service: Service;
  readonly made: NewCustomer;
  /** Where certificates come from; undefined: from the service itself. */
  readonly upstream: AcmeUpstream | undefined;
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
  const { script, via, random, report } = options;
  const servers = await step(
    "Customer's servers",
    () => startCustomerServers(hosts, cleanup),
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

  const upstream = await step(
    'The CA, by ACME',
    () => startAcmeUpstream({ ...making, ...options.upstream }),
    ({ directoryUrl }) => `a second certmux: ${directoryUrl}`,
  );
  const service = await step(
    'certmux',
    () => startService({ ...making, settings: { ...upstream.settings, dialects } }),
    ({ url }) => `${url}, which answers for the alias zone ${zoneName}`,
  );
  const { operator } = service;
  await step(
    'Issuer of products',
    ({ signal }) => sellVia(operator, script.entersBy === 'acmeKey' ? acmeProductDialect : script.api, signal),
    (count) => `${count} of the API are bought from that CA now`,
  );
  const made = await makeUser(service);
  if (script.showsDelegations !== true) {
    const delegations = await step(
      'Delegations to set',
      ({ signal }) => delegationsOf(operator, { account: made.account.id, names }, signal),
      () => 'once, as certmux dns check shows them',
    );
    report.proofs(delegations);
    placeProofs(delegations, servers);
  }
  return { servers, service, made, upstream };
}

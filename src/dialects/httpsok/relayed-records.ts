/**
 * Records of names that an upstream checks: known once it has the application, so that these clients apply first, and ask for them
 * afterwards. A look is passed on to the upstream.
 */
import type { Authorization } from '../../domain/authorization.ts';
import { CertError } from '../../domain/errors.ts';
import type { Identifier } from '../../domain/identifier.ts';
import type { OrderView } from '../../domain/ports/orders.ts';
import { relativeTo } from './proofs.ts';
import type { WireDelegation } from './schema.ts';
import type { Client } from './services.ts';

/** One for each of the names that stands in an application under way; empty texts until the upstream has made its record. */
export async function relayedRecords(names: readonly Identifier[], client: Client): Promise<readonly WireDelegation[]> {
  const found = new Map<string, { readonly view: OrderView; readonly authorization: Authorization }>();
  for (const name of names) {
    if (found.has(name.value)) continue;
    const view = await applicationOf(name, client);
    // The names of one application are asked for together.
    for (const authorization of view?.authorizations ?? []) {
      if (view !== undefined) found.set(authorization.identifier.value, { view, authorization });
    }
  }
  const wanted = names.flatMap(({ value }) => found.get(value) ?? []);
  await passOn(new Set(wanted.map(({ view }) => view)), client);
  return wanted.map(({ authorization: { identifier, challenges, state } }) => {
    const record = challenges.find((challenge) => challenge.method === 'dnsCname');
    const { publicSuffixes } = client.services;
    return {
      domain: identifier.value,
      host: record === undefined ? '' : relativeTo(identifier, record.host, publicSuffixes),
      hostValue: record?.target ?? '',
      valid: state === 'valid',
    };
  });
}

/** The newest application of the name that waits for its records: a first one, or the next certificate of one that has ended well. */
async function applicationOf({ value }: Identifier, { services, caller }: Client): Promise<OrderView | undefined> {
  for (const state of ['open', 'active'] as const) {
    const { items } = await services.orders.list(caller, { limit: 1, states: [state], name: value });
    const [newest] = items;
    if (newest === undefined) continue;
    const view = await services.orders.get(caller, { number: newest.order.number });
    const isUnderWay = state === 'open' || view.issuance.state === 'awaitingValidation';
    if (isUnderWay && view.authorizations.some(({ checkedBy }) => checkedBy !== null)) return view;
  }
  return undefined;
}

async function passOn(views: ReadonlySet<OrderView>, { services, caller }: Client): Promise<void> {
  for (const { order, authorizations } of views) {
    if (!authorizations.some(({ challenges, state }) => state === 'pending' && challenges.length > 0)) continue;
    try {
      await services.proving.recheck(caller, { number: order.number });
    } catch (thrown) {
      // It was proved or ended since it was read: there is nothing left to look for. Or it was just looked for, several times.
      if (!(thrown instanceof CertError && ['wrongState', 'rateLimited'].includes(thrown.code))) throw thrown;
    }
  }
}

/** The form of a new order filled like one that there was: "Order again". */
import { useQuery } from '@tanstack/react-query';
import { call, type Reply } from '../api/call.ts';
import { may, meQuery } from '../api/me.ts';
import type { Order } from '../orders/order-types.ts';
import { type Draft, draftLike, type StillThere } from './form.ts';

/** @param again number of the order; undefined: there is none */
export function useDraftLike(again: string | undefined): {
  readonly draft: Draft | undefined;
  readonly error: Error | null;
} {
  const { data: me } = useQuery(meQuery);
  const order = useQuery({
    queryKey: ['order', again],
    queryFn: ({ signal }) => call('orders', 'show', { order: again ?? '' }, { signal }),
    enabled: again !== undefined,
  });
  const { data: shown } = order;
  const isOfServer = me?.account === null;
  const { data: there, error } = useQuery({
    queryKey: ['orders', 'again', again, isOfServer],
    queryFn: ({ signal }) =>
      shown === undefined || me === undefined
        ? null
        : stillThere(shown, { isOfServer, seesContainers: may(me, 'containers.list'), signal }),
    enabled: shown !== undefined && me !== undefined,
  });
  return {
    draft: shown === undefined || there === undefined || there === null ? undefined : draftLike(shown, there),
    error: order.error ?? error,
  };
}

interface Seeing {
  readonly isOfServer: boolean;
  readonly seesContainers: boolean;
  readonly signal: AbortSignal;
}

async function stillThere(order: Order, { isOfServer, seesContainers, signal }: Seeing): Promise<StillThere> {
  const of = isOfServer ? { account: order.accountId } : {};
  const [account, organizations, containers] = await Promise.all([
    isOfServer ? call('accounts', 'show', { account: order.accountId }, { signal }) : null,
    order.organization === null
      ? null
      : call('organizations', 'list', { ...of, state: 'active', name: order.organization.name }, { signal }),
    order.containerId === undefined || !seesContainers ? null : call('containers', 'list', of, { signal }),
  ]);
  const organization = organizations?.items.find(({ details }) => isSame(details, order.organization));
  const container = containers?.items.find(({ id, state }) => id === order.containerId && state === 'active');
  return {
    account: String(account?.number ?? ''),
    organization: String(organization?.number ?? ''),
    container: String(container?.number ?? ''),
  };
}

type Details = NonNullable<Reply<'orders', 'show'>['organization']>;

function isSame(one: Details, other: Details | null): boolean {
  return (['name', 'city', 'state', 'country'] as const).every((part) => one[part] === other?.[part]);
}

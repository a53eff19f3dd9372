/** What was sent to webhooks: with what answer, and again where it did not get there. */
import { call } from '../api/call.ts';
import { listSource, type RowOf } from '../api/list.ts';
import { type Me, may } from '../api/me.ts';
import type { Texts } from '../messages/texts.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ActButton } from '../shared/act/act-button.tsx';
import { Chip, type Tone } from '../shared/chip.tsx';
import type { IconName } from '../shared/icons.tsx';
import type { ListDefinition } from '../shared/list/definition.ts';
import { Prose } from '../shared/prose.tsx';
import { Relative } from '../shared/time.tsx';
import { DeliveryTries } from './delivery-tries.tsx';

type Delivery = RowOf<'webhooks', 'deliveries'>;
type EventName = Delivery['event'];

/** Those that there are texts for, which are all: else it would not compile. */
export function eventNames({ events }: Texts['webhooks']): readonly EventName[] {
  return Object.keys(events).filter((name): name is EventName => name in events);
}

export function deliveryList({ webhooks, orders, list }: Texts, me: Me): ListDefinition<Delivery> {
  const { deliveryColumns: columns, deliveryViews: views, filters } = webhooks;
  const canReplay = may(me, 'webhooks.replay');
  const replay = ({ id }: Delivery) => call('webhooks', 'replay', { delivery: id });
  return {
    name: 'deliveries',
    title: webhooks.deliveries,
    path: '/deliveries',
    source: listSource('webhooks', 'deliveries'),
    paging: 'counted',
    filters: [
      { key: 'state', label: columns.state, values: webhooks.deliveryStates },
      { key: 'event', label: columns.event, values: webhooks.events },
      { key: 'webhook', label: filters.webhook },
      { key: 'from', label: filters.from, kind: 'date' },
      ...(me.account === null ? [{ key: 'account', label: orders.columns.account }] : []),
    ],
    views: [
      { key: 'all', label: views.all, filters: {} },
      { key: 'failed', label: views.failed, filters: { state: 'failed' } },
      { key: 'waiting', label: views.waiting, filters: { state: 'waiting' } },
    ],
    columns: [
      {
        key: 'event',
        label: columns.event,
        width: 'minmax(110px, 1.2fr)',
        onCard: 'title',
        cell: ({ event }) => <strong>{webhooks.events[event]}</strong>,
      },
      { key: 'url', label: columns.url, width: 'minmax(130px, 1.8fr)', cell: ({ url }) => <Prose>{url}</Prose> },
      {
        key: 'state',
        label: columns.state,
        width: '112px',
        onCard: 'side',
        cell: ({ state }) => <State state={state} />,
      },
      {
        key: 'answer',
        label: columns.answer,
        width: 'minmax(120px, 1.4fr)',
        cell: ({ lastAnswer }) =>
          lastAnswer === null ? null : (
            <span className="dim">
              <Prose>{lastAnswer}</Prose>
            </span>
          ),
      },
      {
        key: 'attempts',
        label: columns.attempts,
        width: '104px',
        cell: (row) => <DeliveryTries delivery={row} />,
      },
      {
        key: 'at',
        label: columns.at,
        width: '96px',
        isWide: true,
        cell: ({ createdAt }) => <Relative at={createdAt} />,
      },
      ...(canReplay
        ? [
            {
              key: 'acts',
              label: list.acts,
              width: '110px',
              cell: (row: Delivery) =>
                row.state === 'failed' ? (
                  <ActButton label={webhooks.replay} size="xs" changes={['webhooks']} run={() => replay(row)} />
                ) : null,
            },
          ]
        : []),
    ],
    count: webhooks.deliveryCount,
    empty: { icon: 'send', title: webhooks.noDeliveries, text: webhooks.noDeliveriesText },
    actions: canReplay
      ? [
          {
            key: 'replay',
            label: webhooks.replay,
            icon: 'send',
            refusalOf: ({ state }) => (state === 'delivered' ? webhooks.delivered : null),
            action: 'webhooks.replay',
            idOf: ({ id }) => id,
          },
        ]
      : [],
  };
}

const looks = {
  waiting: ['clock', 'info'],
  delivered: ['check', 'good'],
  failed: ['alert', 'bad'],
} as const satisfies Record<Delivery['state'], readonly [IconName, Tone]>;

function State({ state }: Pick<Delivery, 'state'>) {
  const { webhooks } = useTexts();
  const [icon, tone] = looks[state];
  return (
    <Chip icon={icon} tone={tone}>
      {webhooks.deliveryStates[state]}
    </Chip>
  );
}

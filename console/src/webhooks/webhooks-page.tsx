/** The page of all webhooks. */
import { useQuery } from '@tanstack/react-query';
import { call, type Reply } from '../api/call.ts';
import { listSource } from '../api/list.ts';
import { type Me, may, meQuery } from '../api/me.ts';
import { accountColumn } from '../frame/account-column.tsx';
import { Needs } from '../frame/needs.tsx';
import type { Texts } from '../messages/texts.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { listOf, textOf } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { useAccountField } from '../shared/act/use-account-field.ts';
import { Chip } from '../shared/chip.tsx';
import type { ListDefinition } from '../shared/list/definition.ts';
import { ListScreen } from '../shared/list/list-screen.tsx';
import { ObjectPage } from '../shared/object-page.tsx';
import { Prose } from '../shared/prose.tsx';
import { Relative } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import { eventNames } from './delivery-list.tsx';
import { WebhookBody } from './webhook-body.tsx';

export type Webhook = Reply<'webhooks', 'list'>['items'][number];

export function WebhooksPage() {
  const texts = useTexts();
  const { data: me } = useQuery(meQuery);
  if (me === undefined) return null;
  return (
    <Needs operation="webhooks.list">
      <ListScreen list={webhookList(texts, me)} />
    </Needs>
  );
}

export function WebhookPage() {
  const { webhooks } = useTexts();
  return (
    <ObjectPage
      operation="webhooks.list"
      list="/webhooks"
      listTitle={webhooks.title}
      title={webhooks.one}
      Body={WebhookBody}
    />
  );
}

function webhookList(texts: Texts, me: Me): ListDefinition<Webhook> {
  const { webhooks, orders } = texts;
  const { columns } = webhooks;
  return {
    name: 'webhooks',
    title: webhooks.title,
    path: '/webhooks',
    source: listSource('webhooks', 'list'),
    paging: 'counted',
    text: { key: 'text', placeholder: webhooks.search },
    filters: [
      { key: 'state', label: columns.state, values: webhooks.states },
      { key: 'event', label: columns.events, values: webhooks.events },
      ...(me.account === null ? [{ key: 'account', label: orders.columns.account }] : []),
    ],
    views: [],
    columns: [
      {
        key: 'url',
        label: columns.url,
        width: 'minmax(200px, 2fr)',
        onCard: 'title',
        cell: ({ url }) => <Prose>{url}</Prose>,
      },
      ...accountColumn<Webhook>(me, texts),
      {
        key: 'events',
        label: columns.events,
        width: 'minmax(150px, 1.6fr)',
        cell: ({ events }) =>
          events.length === eventNames(webhooks).length
            ? webhooks.allEvents
            : events.map((event) => webhooks.events[event]).join(' · '),
      },
      { key: 'api', label: columns.api, width: '100px', isExtra: true, cell: ({ dialect }) => dialect },
      {
        key: 'state',
        label: columns.state,
        width: '124px',
        onCard: 'side',
        cell: ({ state }) => <State state={state} />,
      },
      {
        key: 'created',
        label: columns.created,
        width: '100px',
        isWide: true,
        onCard: 'none',
        cell: ({ createdAt }) => <Relative at={createdAt} />,
      },
    ],
    count: webhooks.count,
    empty: {
      icon: 'webhook',
      title: webhooks.empty,
      text: webhooks.emptyText,
      command: 'certmux webhook add https://example.com/hook',
    },
    detail: {
      referenceOf: ({ number }) => String(number),
      labelOf: ({ url }) => visible(url),
      pathOf: (reference) => `/webhooks/${reference}`,
      Panel: WebhookBody,
    },
    ...(may(me, 'webhooks.add') ? { tools: <AddWebhook /> } : {}),
  };
}

export function State({ state }: Pick<Webhook, 'state'>) {
  const { webhooks } = useTexts();
  return (
    <Chip icon={state === 'active' ? 'check' : 'stop'} tone={state === 'active' ? 'good' : 'idle'}>
      {webhooks.states[state]}
    </Chip>
  );
}

function AddWebhook() {
  const { webhooks } = useTexts();
  const account = useAccountField();
  const names = eventNames(webhooks);
  return (
    <FormButton
      label={webhooks.add}
      icon="plus"
      isMain
      title={webhooks.addTitle}
      text={webhooks.addText}
      fields={[
        ...account,
        { kind: 'text', name: 'url', label: webhooks.url, placeholder: 'https://', isRequired: true },
        {
          kind: 'several',
          name: 'events',
          label: webhooks.eventsLabel,
          options: names.map((value) => ({ value, label: webhooks.events[value] })),
          value: names,
          isRequired: true,
        },
      ]}
      changes={['webhooks']}
      run={(values, options) => {
        const account = textOf(values, 'account');
        return call(
          'webhooks',
          'add',
          {
            url: textOf(values, 'url'),
            events: names.filter((name) => listOf(values, 'events').includes(name)),
            ...(account === '' ? {} : { account }),
          },
          options,
        );
      }}
    />
  );
}

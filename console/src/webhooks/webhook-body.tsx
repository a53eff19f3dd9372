/** One webhook: where it goes, what of, and what is done with it. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call } from '../api/call.ts';
import { may, meQuery } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Detail } from '../shared/detail.tsx';
import { Card, Facts, Head, Page } from '../shared/object.tsx';
import type { ObjectBodyProps } from '../shared/object-page.tsx';
import { Prose } from '../shared/prose.tsx';
import { Moment } from '../shared/time.tsx';
import { WebhookActs } from './webhook-acts.tsx';
import { State } from './webhooks-page.tsx';

export function WebhookBody({ reference, isPage = false }: ObjectBodyProps) {
  const { webhooks, list } = useTexts();
  const { data: me } = useQuery(meQuery);
  const query = useQuery({
    queryKey: ['webhooks', 'one', reference],
    // The list finds a number as well; there is no other way to one.
    queryFn: async ({ signal }) => {
      const { items } = await call('webhooks', 'list', { text: reference }, { signal });
      return items.find(({ number }) => String(number) === reference) ?? null;
    },
  });
  return (
    <Detail query={query} unknown={webhooks.unknown} isPage={isPage}>
      {(webhook) =>
        webhook === null || me === undefined ? (
          <p className="dim">{webhooks.unknown}</p>
        ) : (
          <Page>
            <Head
              isPage={isPage}
              title={<Prose>{webhook.url}</Prose>}
              chips={<State state={webhook.state} />}
              acts={<WebhookActs webhook={webhook} me={me} />}
            />
            <Card>
              <Facts
                rows={[
                  [webhooks.columns.events, webhook.events.map((event) => webhooks.events[event]).join(' · ')],
                  [webhooks.columns.api, webhook.dialect],
                  [webhooks.hasSecret, webhook.hasSecret ? list.yes : list.no],
                  [webhooks.columns.created, <Moment key="created" at={webhook.createdAt} />],
                  [
                    webhooks.deliveries,
                    may(me, 'webhooks.deliveries') ? (
                      <Link key="deliveries" to="/deliveries" search={{ webhook: String(webhook.number) }}>
                        {webhooks.showDeliveries}
                      </Link>
                    ) : null,
                  ],
                ]}
              />
            </Card>
          </Page>
        )
      }
    </Detail>
  );
}

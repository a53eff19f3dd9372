/** What is done with a webhook: a test message, what failed sent again, its address and events, its end. */
import { call, type Reply } from '../api/call.ts';
import { type Me, may } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ActButton } from '../shared/act/act-button.tsx';
import { listOf, textOf } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { Copied } from '../shared/object.tsx';
import { visible } from '../shared/visible.ts';
import { eventNames } from './delivery-list.tsx';
import type { Webhook } from './webhooks-page.tsx';

export interface WebhookActsProps {
  readonly webhook: Webhook;
  readonly me: Me;
}

const changes = ['webhooks'] as const;

export function WebhookActs({ webhook, me }: WebhookActsProps) {
  const { webhooks } = useTexts();
  const { number, url, state } = webhook;
  const one = { webhook: String(number) };
  return (
    <>
      {may(me, 'webhooks.test') && <TestButton webhook={webhook} />}
      {may(me, 'webhooks.replayFailed') && (
        <FormButton
          label={webhooks.replayFailed}
          icon="refresh"
          title={webhooks.replayFailedTitle}
          text={webhooks.replayFailedText}
          changes={changes}
          answer={{
            title: webhooks.replayFailed,
            show: ({ queued, refused, isMore }: Reply<'webhooks', 'replayFailed'>) => (
              <p>{webhooks.replayed(queued, refused, isMore)}</p>
            ),
          }}
          run={(_values, options) => call('webhooks', 'replayFailed', one, options)}
        />
      )}
      {may(me, 'webhooks.change') && <ChangeButton webhook={webhook} />}
      {may(me, 'accounts.webhookSecret') && <SecretButton webhook={webhook} />}
      {may(me, 'webhooks.change') && (
        <ActButton
          label={state === 'active' ? webhooks.deactivate : webhooks.activate}
          changes={changes}
          run={() => call('webhooks', 'change', { ...one, state: state === 'active' ? 'inactive' : 'active' })}
          undo={{ object: visible(url), run: () => call('webhooks', 'change', { ...one, state }) }}
        />
      )}
      {may(me, 'webhooks.remove') && (
        <FormButton
          label={webhooks.remove}
          icon="trash"
          tone="danger"
          typed={String(number)}
          title={webhooks.removeTitle(visible(url))}
          text={webhooks.removeText}
          changes={changes}
          run={(_values, options) => call('webhooks', 'remove', one, options)}
        />
      )}
    </>
  );
}

function TestButton({ webhook: { number, url } }: Pick<WebhookActsProps, 'webhook'>) {
  const { webhooks } = useTexts();
  return (
    <FormButton
      label={webhooks.test}
      icon="send"
      title={webhooks.testTitle(visible(url))}
      text={webhooks.testText}
      changes={[]}
      answer={{
        title: webhooks.testAnswer,
        show: ({ isTaken, answer }: Reply<'webhooks', 'test'>) => (
          <>
            <p>{isTaken ? webhooks.taken : webhooks.notTaken}</p>
            <p>
              <code>{visible(answer)}</code>
            </p>
          </>
        ),
      }}
      run={(_values, options) => call('webhooks', 'test', { webhook: String(number) }, options)}
    />
  );
}

function ChangeButton({ webhook: { number, url, events } }: Pick<WebhookActsProps, 'webhook'>) {
  const { webhooks } = useTexts();
  const names = eventNames(webhooks);
  return (
    <FormButton
      label={webhooks.change}
      icon="pencil"
      title={webhooks.change}
      fields={[
        { kind: 'text', name: 'url', label: webhooks.url, value: url, isRequired: true },
        {
          kind: 'several',
          name: 'events',
          label: webhooks.eventsLabel,
          options: names.map((value) => ({ value, label: webhooks.events[value] })),
          value: events,
          isRequired: true,
        },
      ]}
      changes={changes}
      run={(values, options) =>
        call(
          'webhooks',
          'change',
          {
            webhook: String(number),
            url: textOf(values, 'url'),
            events: names.filter((name) => listOf(values, 'events').includes(name)),
          },
          options,
        )
      }
    />
  );
}

/** The key of the signatures: of the account, the same for all of its webhooks. */
function SecretButton({ webhook: { accountId } }: Pick<WebhookActsProps, 'webhook'>) {
  const { webhooks } = useTexts();
  return (
    <FormButton
      label={webhooks.secret}
      icon="key"
      isGuarded
      title={webhooks.secretTitle}
      text={webhooks.secretText}
      changes={[]}
      answer={{
        title: webhooks.secret,
        show: ({ secret }: Reply<'accounts', 'webhookSecret'>) => (
          <>
            <p>{webhooks.recipe}</p>
            <Copied value={secret} what={webhooks.secret} />
          </>
        ),
      }}
      run={() => call('accounts', 'webhookSecret', { account: accountId })}
    />
  );
}

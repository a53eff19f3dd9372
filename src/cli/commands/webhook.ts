/** `webhook list|add|remove|deliveries|replay`: URLs that are called when something happens in an account. */
import { type Command, Option } from 'commander';
import { api, type WireDelivery, type WireWebhook } from '../../dialects/native/schema.ts';
import { webhookEvents } from '../../domain/webhook.ts';
import {
  addCommand,
  addGroup,
  addPageOptions,
  type Cli,
  collect,
  type PageOptions,
  readInputFile,
  remoteAction,
} from '../command.ts';
import { isYes, type YesOrNo, yesOrNoOption } from '../list-filters.ts';
import { type Column, factLines } from '../table.ts';
import { momentText } from '../words.ts';

interface DeliveryListOptions extends PageOptions {
  readonly state?: WireDelivery['state'];
  readonly webhook?: string;
  readonly event?: WireDelivery['event'];
  readonly replayed?: YesOrNo;
  readonly from?: string;
}

interface WebhookListOptions extends PageOptions {
  readonly state?: WireWebhook['state'];
  readonly event?: WireDelivery['event'];
  readonly text?: string;
}

const columns: readonly Column<WireWebhook>[] = [
  { title: 'NUMBER', value: ({ number }) => String(number), align: 'right' },
  { title: 'URL', value: ({ url }) => url, isFlexible: true },
  {
    title: 'EVENTS',
    value: ({ events }) => (events.length === webhookEvents.length ? 'all' : events.join(', ')),
    isFlexible: true,
  },
  { title: 'API', value: ({ dialect }) => dialect },
  { title: 'STATE', value: ({ state }) => state },
];

const deliveryColumns: readonly Column<WireDelivery>[] = [
  { title: 'ID', value: ({ id }) => id },
  { title: 'EVENT', value: ({ event }) => event },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'TRIES', value: ({ attempts }) => String(attempts), align: 'right' },
  { title: 'ANSWER', value: ({ lastAnswer }) => lastAnswer ?? '–', isFlexible: true },
  { title: 'URL', value: ({ url }) => url, isFlexible: true },
  { title: 'SINCE', value: ({ createdAt }) => momentText(createdAt) },
];

export function addWebhookCommands(program: Command, cli: Cli): void {
  const group = addGroup(program, {
    usage: 'webhook',
    summary: 'Webhooks: URLs that are called when something happens',
    description:
      'A webhook of an account gets signed messages about certificates, orders, domains and organizations; each is tried for up to three days.',
  });

  const list = addPageOptions(
    addCommand(group, {
      usage: 'list',
      summary: 'List the webhooks',
      description: 'Lists the webhooks of the account, newest first.',
      examples: [
        ['certmux webhook list', 'a table'],
        ['certmux webhook list --event certificateIssued', 'who learns of new certificates'],
      ],
    }),
  )
    .addOption(new Option('--state <state>', 'only in this state').choices(['active', 'inactive']))
    .addOption(new Option('--event <event>', 'only those that are told of this').choices(webhookEvents))
    .option('--text <text>', 'only with this in the URL, or with this number');
  remoteAction<WebhookListOptions>(cli, list, async ({ client, options: { state, event, text, ...options }, output }) =>
    output.list({
      endpoint: api.webhooks.list,
      page: options,
      read: (page) => client.webhooks.list({ ...page, state, event, text }),
      columns,
      none: 'There are none. Add one: certmux webhook add --help',
    }),
  );

  const add = addCommand(group, {
    usage: 'add <url>',
    summary: 'Add a webhook',
    description:
      'Messages carry X-Certmux-Signature, the HMAC of the body under the key that account webhook-secret shows. Private keys are never sent.',
    examples: [
      ['certmux webhook add https://hooks.example.com/certs', 'of everything'],
      ['certmux webhook add https://hooks.example.com/certs --event certificateIssued --secret-file word.txt', 'more'],
    ],
  })
    .addOption(new Option('--event <event>', 'only of this (repeatable)').choices(webhookEvents).argParser(collect))
    .option('--secret-file <file>', 'a word that messages carry in X-Certmux-Webhook-Secret; - is standard input')
    .option('--account <account>', 'operators only: whose it is');
  remoteAction<{ event?: WireWebhook['events']; secretFile?: string; account?: string }>(
    cli,
    add,
    async ({ client, args, options: { event: events, secretFile, account }, output, terminal }) => {
      const secret = secretFile === undefined ? undefined : (await readInputFile(terminal, secretFile)).trim();
      const made = await client.webhooks.add({ url: args[0] ?? '', events, secret, account });
      output.show(made, () =>
        factLines([
          ['Webhook', String(made.number)],
          ['URL', made.url],
        ]),
      );
    },
  );

  const remove = addCommand(group, {
    usage: 'remove <webhook>',
    summary: 'Tell a server nothing any more',
    description: 'Removes the webhook; messages still waiting for it are not sent.',
    examples: [['certmux webhook remove 100001', 'by number']],
  });
  remoteAction(cli, remove, async ({ client, args, output }) => {
    const gone = await client.webhooks.remove({ webhook: args[0] ?? '' });
    output.show(gone, () => [`Removed webhook ${gone.number}.`]);
  });

  const deliveries = addPageOptions(
    addCommand(group, {
      usage: 'deliveries',
      summary: 'Messages that were sent or are waiting',
      description: 'Lists deliveries, newest first, with what the server answered.',
      examples: [['certmux webhook deliveries --state failed', 'what was given up']],
    }).addOption(new Option('--state <state>', 'only these').choices(['waiting', 'delivered', 'failed'])),
  )
    .option('--webhook <webhook>', 'only those to this webhook: id or number')
    .addOption(new Option('--event <event>', 'only of this event').choices(webhookEvents))
    .addOption(yesOrNoOption('--replayed <answer>', 'only those that were sent again, or were not'))
    .option('--from <date>', 'queued on this day (UTC) or later, such as 2026-06-01');
  remoteAction<DeliveryListOptions>(cli, deliveries, async ({ client, options, output }) =>
    output.list({
      endpoint: api.webhooks.deliveries,
      page: options,
      read: (page) =>
        client.webhooks.deliveries({
          ...page,
          state: options.state,
          webhook: options.webhook,
          event: options.event,
          replayed: isYes(options.replayed),
          from: options.from,
        }),
      columns: deliveryColumns,
      none: 'There are none.',
    }),
  );

  const replay = addCommand(group, {
    usage: 'replay <delivery>',
    summary: 'Tell it once more',
    description: 'Writes the message again and sends it to the current URL of the webhook.',
    examples: [['certmux webhook replay ntf_06f80yqc01s8ve9r3jak4070g4', 'by the id that deliveries shows']],
  });
  remoteAction(cli, replay, async ({ client, args, output }) => {
    const made = await client.webhooks.replay({ delivery: args[0] ?? '' });
    output.show(made, () => [`Tells it again as ${made.id}.`]);
  });

  const replayFailed = addCommand(group, {
    usage: 'replay-failed <webhook>',
    summary: 'Tell it once more all that failed',
    description:
      'Sends again what was given up of this webhook and was not sent again since, at most 1,000 at once. The same command again sends nothing twice.',
    examples: [['certmux webhook replay-failed 100001', 'after its server was away']],
  });
  remoteAction(cli, replayFailed, async ({ client, args, output }) => {
    const found = await client.webhooks.replayFailed({ webhook: args[0] ?? '' });
    const { queued, refused, isMore } = found;
    output.show(found, () => [
      `Tells ${queued} again.`,
      ...(refused === 0 ? [] : [`${refused} cannot be told again: certmux webhook deliveries --state failed`]),
      ...(isMore ? ['There are more: run it once more.'] : []),
    ]);
  });

  const test = addCommand(group, {
    usage: 'test <webhook>',
    summary: 'Send a test message now',
    description:
      'Sends one message of the event "test", signed as all are, and says what the server answered. It is not repeated.',
    examples: [['certmux webhook test 100001', 'by number']],
  });
  remoteAction(cli, test, async ({ client, args, output }) => {
    const found = await client.webhooks.test({ webhook: args[0] ?? '' });
    output.show(found, () => [
      found.isTaken ? `It took the message: ${found.answer}.` : `It refused: ${found.answer}.`,
    ]);
  });
}

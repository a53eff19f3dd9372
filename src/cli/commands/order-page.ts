/** `order timeline|share`: what happened to an order, and links that show a customer what to place. */
import type { Command } from 'commander';
import { api, type WireOrderPage, type WireOrderShare, type WireTimelineEntry } from '../../dialects/native/schema.ts';
import { visible } from '../../domain/visible-text.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { addCommand, addPageOptions, type Cli, type PageOptions, remoteAction } from '../command.ts';
import type { Column } from '../table.ts';
import { actorText, dayText, durationText, momentText } from '../words.ts';

const timelineColumns: readonly Column<WireTimelineEntry>[] = [
  { title: 'AT', value: ({ at }) => momentText(at) },
  { title: 'WHAT', value: whatOf, isFlexible: true },
  { title: 'NAME', value: ({ name }) => name ?? '–', isFlexible: true },
  { title: 'WHY', value: ({ reason }) => reason ?? '–', isFlexible: true },
  { title: 'BY', value: ({ actor }) => actorText(actor), isFlexible: true },
  { title: 'TURN OF', value: ({ turn }) => turn?.who ?? '' },
  {
    title: 'FOR',
    value: ({ turn }) => (turn === null ? '' : turn.seconds === null ? 'until now' : durationText(turn.seconds)),
  },
];

const shareColumns: readonly Column<WireOrderShare>[] = [
  { title: 'ID', value: ({ id }) => id },
  { title: 'MADE', value: ({ createdAt }) => momentText(createdAt) },
  { title: 'BY', value: ({ createdBy }) => actorText(createdBy), isFlexible: true },
  { title: 'UNTIL', value: ({ expiresAt }) => dayText(expiresAt) },
];

function whatOf({ text, count }: WireTimelineEntry): string {
  return count === 1 ? text : `${text} (${count} times)`;
}

/** Whose turn it is, for `order show`. */
export function turnLines({ turn, container }: WireOrderPage): string[] {
  const lines = container === null ? [] : [`Container: ${visible(container.name)}  ${container.number}`];
  if (turn === null) return lines.length === 0 ? [] : ['', ...lines];
  const { who, since, nextAt, deadline } = turn;
  const times = [
    `since ${momentText(since)}`,
    ...(nextAt === null ? [] : [`next look ${momentText(nextAt)}`]),
    ...(deadline === null ? [] : [`until ${momentText(deadline)}`]),
  ];
  return ['', `Turn: ${who}, ${times.join(', ')}`, ...lines];
}

export function addOrderPageCommands(group: Command, cli: Cli): void {
  addTimeline(group, cli);
  addShare(group, cli);
}

function addTimeline(group: Command, cli: Cli): void {
  const timeline = addPageOptions(
    addCommand(group, {
      usage: 'timeline <order>',
      summary: 'Show what happened to an order, and whose turn it was',
      description:
        'Shows events, checks, approvals, mails and webhook deliveries of an order, newest first; with each turn that began, whose it was and how ' +
        'long it took.',
      examples: [['certmux order timeline 10000017', 'where the time went']],
    }),
  );
  remoteAction<PageOptions>(cli, timeline, async ({ client, args, options, output }) =>
    output.list({
      endpoint: api.orders.timeline,
      page: options,
      read: (page) => client.orders.timeline({ ...page, order: args[0] ?? '' }),
      columns: timelineColumns,
      none: 'Nothing has happened.',
    }),
  );
}

interface ShareOptions {
  readonly list?: boolean;
  /** True: all of them. */
  readonly remove?: string | true;
}

function addShare(group: Command, cli: Cli): void {
  const share = addCommand(group, {
    usage: 'share <order>',
    summary: 'Make a link that shows a customer what to place',
    description:
      'Makes a link for whoever has to place the proofs: for 7 days it shows the names of the order, what to place for each, and what the last ' +
      'check found; nothing of the account, its prices or its people. Whoever has the link can open it, so send it as you would a password.',
    examples: [
      ['certmux order share 10000017', 'prints the link, once'],
      ['certmux order share 10000017 --list', 'the links that can still be opened'],
      ['certmux order share 10000017 --remove', 'nobody can open any of them'],
    ],
  })
    .option('--list', 'list the links that can still be opened')
    .option('--remove [link]', 'remove all of its links, or the one with this id');
  remoteAction<ShareOptions>(cli, share, async ({ client, args, options, output }) => {
    const order = args[0] ?? '';
    if (options.remove !== undefined) {
      const one = options.remove === true ? undefined : options.remove;
      const left = await client.orders.unshare({ order, ...withDefined({ share: one }) });
      const count = left.items.length;
      output.show(left, () => [count === 0 ? 'No link is left.' : `Links that are left: ${count}`]);
      return;
    }
    if (options.list === true) {
      await output.list({
        endpoint: api.orders.shares,
        read: () => client.orders.shares({ order }),
        columns: shareColumns,
        none: 'There is no link.',
      });
      return;
    }
    const made = await client.orders.share({ order });
    output.show(made, () => [visible(made.url), `can be opened until ${momentText(made.expiresAt)}; id ${made.id}`]);
  });
}

/** `event list`: the audit log; and the work that was given up. */
import type { Command } from 'commander';
import { api, type WireEvent, type WireJob } from '../../dialects/native/schema.ts';
import { addCommand, addGroup, addPageOptions, type Cli, collect, type PageOptions, remoteAction } from '../command.ts';
import type { Column } from '../table.ts';
import { actorText, momentText } from '../words.ts';
import { addEventWatch } from './event-watch.ts';

interface EventListOptions extends PageOptions {
  readonly subject?: string;
  readonly kind?: readonly string[];
  readonly actor?: string;
  readonly request?: string;
  readonly from?: string;
  readonly until?: string;
}

const eventColumns: readonly Column<WireEvent>[] = [
  { title: 'WHEN', value: ({ at }) => momentText(at) },
  { title: 'WHAT', value: ({ kind }) => kind },
  { title: 'TO', value: ({ subject }) => subject },
  { title: 'BY', value: ({ actor }) => actorText(actor), isFlexible: true },
  { title: 'FROM', value: ({ address = '' }) => address },
  {
    title: 'DATA',
    value: ({ data }) => (Object.keys(data).length === 0 ? '' : JSON.stringify(data)),
    isFlexible: true,
  },
];

const jobColumns: readonly Column<WireJob>[] = [
  { title: 'WORK', value: ({ kind }) => kind },
  { title: 'ON', value: ({ subject }) => subject },
  { title: 'TRIES', value: ({ attempts }) => String(attempts), align: 'right' },
  { title: 'SINCE', value: ({ createdAt }) => momentText(createdAt) },
  { title: 'LAST ERROR', value: ({ lastError }) => lastError ?? '', isFlexible: true },
];

export function addEventCommands(program: Command, cli: Cli): void {
  const event = addGroup(program, {
    usage: 'event',
    summary: 'The audit log, and work that failed',
    description: 'What was done, by whom, to what. The log only grows.',
  });

  const list = addPageOptions(
    addCommand(event, {
      usage: 'list',
      summary: 'List what happened',
      description: 'Lists events, newest first. Use --subject to follow one order, certificate or account.',
      examples: [
        ['certmux event list', 'the newest'],
        ['certmux event list --subject ord_01…', 'the story of one order'],
        ['certmux event list --kind account.credited --from 2026-11-01', 'money of a month'],
      ],
    }),
  )
    .option('--subject <id>', 'only what happened to this')
    .option('--kind <kind>', 'only of this kind, such as order.placed (repeatable)', collect)
    .option('--actor <id>', 'only what this user or key did')
    .option('--request <id>', 'only what came of this request (X-Request-Id)')
    .option('--from <time>', 'at this time (UTC) or later, such as 2026-06-01 or 2026-06-01T08:00:00Z')
    .option('--until <time>', 'before this time');
  remoteAction<EventListOptions>(cli, list, async ({ client, options, output }) => {
    const { subject, kind, actor, request: requestId, from, until } = options;
    const filter = { subject, kind: kind?.join(','), actor, requestId, from, until };
    await output.list({
      endpoint: api.events.list,
      page: options,
      read: (page) => client.events.list({ ...page, ...filter }),
      columns: eventColumns,
      none: 'Nothing has happened yet.',
    });
  });

  addEventWatch(event, cli);

  const failed = addPageOptions(
    addCommand(event, {
      usage: 'failed-jobs',
      summary: 'List work that was given up',
      description:
        'Lists background work that failed so often that it was given up, with its last error. Empty is healthy.',
      examples: [['certmux event failed-jobs', 'a table']],
    }),
  );
  remoteAction<PageOptions>(cli, failed, async ({ client, options, output }) =>
    output.list({
      endpoint: api.jobs.failed,
      page: options,
      read: (page) => client.jobs.failed(page),
      columns: jobColumns,
      none: 'No work was given up.',
    }),
  );
}

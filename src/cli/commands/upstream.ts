/** `upstream …`: whether those answer that certificates are bought from, and what waits there. */
import { type Command, Option } from 'commander';
import { api, type WireUpstream, type WireUpstreamOrder } from '../../dialects/native/schema.ts';
import { type NotedUpstreamState, notedUpstreamStates } from '../../domain/states.ts';
import { addCommand, addCsvOption, addGroup, type Cli, remoteAction, wholeNumber } from '../command.ts';
import type { Column } from '../table.ts';
import { momentText, namesText } from '../words.ts';

const columns: readonly Column<WireUpstream>[] = [
  { title: 'ACCOUNT', value: ({ account }) => account },
  { title: 'BREAKER', value: ({ breaker }) => breaker },
  { title: 'NEXT TRY', value: ({ nextTryAt }) => (nextTryAt === null ? '–' : momentText(nextTryAt)) },
  { title: 'FAULTS', value: ({ faults }) => String(faults), align: 'right' },
  { title: 'ISSUERS', value: ({ issuers }) => issuers.map(({ id }) => id).join(', ') || '–', isFlexible: true },
  { title: 'LAST FAULT', value: ({ lastFault }) => lastFault ?? '–', isFlexible: true },
];

const orderColumns: readonly Column<WireUpstreamOrder>[] = [
  { title: 'ORDER', value: ({ order }) => String(order) },
  { title: 'NAMES', value: ({ names }) => namesText({ names, nameCount: names.length }), isFlexible: true },
  { title: 'UPSTREAM', value: ({ upstream }) => upstream },
  { title: 'REFERENCE', value: ({ reference }) => reference ?? '–' },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'SINCE', value: ({ since }) => momentText(since) },
  {
    title: 'PROBLEM',
    value: ({ evidence, waitsFor, lastFault }) => evidence?.reason ?? waitsFor ?? lastFault ?? '–',
    isFlexible: true,
  },
];

export function addUpstreamCommands(program: Command, cli: Cli): void {
  const upstream = addGroup(program, {
    usage: 'upstream',
    summary: 'Upstreams, and what waits there',
    description: 'Certificates may be bought from an upstream, which takes its time and may be away. For operators.',
  });

  const list = addCommand(upstream, {
    usage: 'list',
    summary: 'List upstreams',
    description: 'Lists our accounts at upstreams: whether they answer, and when one that does not is tried again.',
    examples: [['certmux upstream list', 'a table']],
  });
  addCsvOption(list);
  remoteAction(cli, list, async ({ client, output }) =>
    output.list({
      endpoint: api.upstreams.list,
      read: () => client.upstreams.list({}),
      columns,
      none: 'No certificate is bought from an upstream.',
    }),
  );

  const orders = addCommand(upstream, {
    usage: 'orders',
    summary: 'List what waits at upstreams',
    description:
      'Lists issuances at upstreams, the latest first, and certificates that were refused because they are not what was ordered. --json has those as PEM.',
    examples: [
      ['certmux upstream orders', 'a table'],
      ['certmux upstream orders --state unfit --json', 'with the certificates that were refused'],
    ],
  })
    .addOption(new Option('--state <state>', 'only those in this state').choices([...notedUpstreamStates]))
    .option('--limit <count>', 'how many at most, 1 to 200', wholeNumber, 50)
    .option('--cursor <cursor>', 'the next page, as the last one named it');
  remoteAction<{ limit: number; state?: NotedUpstreamState; cursor?: string }>(
    cli,
    orders,
    async ({ client, options, output }) =>
      output.list({
        endpoint: api.upstreams.orders,
        page: options,
        read: (page) => client.upstreams.orders({ ...page, state: options.state }),
        columns: orderColumns,
        none: 'Nothing waits at an upstream.',
      }),
  );

  const show = addCommand(upstream, {
    usage: 'order <issuance>',
    summary: 'Show one issuance at its upstream',
    description:
      'Shows where an issuance is at its upstream, in any state, with the certificate that was refused where there is one. The id of an issuance begins with iss_.',
    examples: [['certmux upstream order iss_01jb2k --json', 'with the certificate that was refused']],
  });
  remoteAction(cli, show, async ({ client, args, output }) => {
    const order = await client.upstreams.order({ issuance: args[0] ?? '' });
    output.show(order, () => linesOf(order));
  });

  const resume = addCommand(upstream, {
    usage: 'resume <account>',
    summary: 'Call an upstream again at once',
    description: 'Closes the breaker of an upstream that was away: what waits for it is tried at once.',
    examples: [['certmux upstream resume resale', 'it is back']],
  });
  remoteAction(cli, resume, async ({ client, args, output }) => {
    const resumed = await client.upstreams.closeBreaker({ upstream: args[0] ?? '' });
    output.show(resumed, () => [`${resumed.account} is called again.`]);
  });
}

function linesOf(order: WireUpstreamOrder): string[] {
  const { names, state, upstream, issuer, reference, proofsUntil, deadline, lastFault, waitsFor, evidence } = order;
  const fact = (title: string, text: string | null) => (text === null ? [] : [`${title.padEnd(12)}${text}`]);
  return [
    ...fact('Order', String(order.order)),
    ...fact('Names', names.join(', ')),
    ...fact('State', state),
    ...fact('Upstream', `${upstream} (issuer ${issuer})`),
    ...fact('Reference', reference),
    ...fact('Since', momentText(order.since)),
    ...fact('Challenges', proofsUntil && `until ${momentText(proofsUntil)}`),
    ...fact('Deadline', momentText(deadline)),
    ...fact('Waits for', waitsFor),
    ...fact('Last fault', lastFault),
    ...fact('Refused', evidence === null ? null : evidence.reason),
    ...(evidence === null ? [] : [evidence.pem.trimEnd()]),
  ];
}

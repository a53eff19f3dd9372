/** `upstream …`: whether those answer that certificates are bought from, and what waits there. */
import { type Command, Option } from 'commander';
import {
  api,
  type WireProductCosts,
  type WireUpstream,
  type WireUpstreamDetail,
  type WireUpstreamOrder,
  type WireUpstreamOrderDetail,
  type WireUpstreamRehearsal,
} from '../../dialects/native/schema.ts';
import { type NotedUpstreamState, notedUpstreamStates } from '../../domain/states.ts';
import { addCommand, addCsvOption, addGroup, type Cli, remoteAction, wholeNumber } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { UsageError } from '../failure.ts';
import type { Column } from '../table.ts';
import { momentText, namesText } from '../words.ts';

const columns: readonly Column<WireUpstream>[] = [
  { title: 'ACCOUNT', value: ({ account }) => account },
  { title: 'BREAKER', value: ({ breaker }) => breaker },
  { title: 'NEXT TRY', value: ({ nextTryAt }) => (nextTryAt === null ? '–' : momentText(nextTryAt)) },
  { title: 'FAULTS', value: ({ faults }) => String(faults), align: 'right' },
  { title: 'ISSUERS', value: ({ issuers }) => issuers.map(({ id }) => id).join(', ') || '–', isFlexible: true },
  { title: 'UNDER WAY', value: ({ orders }) => String(openOrders(orders)), align: 'right' },
  {
    title: 'LEAST LEFT',
    value: ({ budgets: [least] }) => (least === undefined ? '–' : leftText(least)),
    isFlexible: true,
  },
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

const costColumns: readonly Column<WireProductCosts>[] = [
  { title: 'PRODUCT', value: ({ product }) => product },
  { title: 'NAME', value: ({ name }) => name, isFlexible: true },
  { title: 'MONTH', value: ({ month }) => month },
  { title: 'ORDERS', value: ({ orders }) => String(orders), align: 'right' },
  { title: 'CHARGED', value: ({ charged }) => charged.amount, align: 'right' },
  { title: 'REFUNDED', value: ({ refunded }) => refunded.amount, align: 'right' },
  { title: 'COST', value: ({ cost }) => cost.amount, align: 'right' },
  { title: 'GIVEN BACK', value: ({ costRefunded }) => costRefunded.amount, align: 'right' },
  { title: 'MARGIN', value: ({ margin }) => margin.amount, align: 'right' },
];

type Budget = WireUpstream['budgets'][number];

function openOrders(orders: WireUpstream['orders']): number {
  return orders.reduce((sum, { count }) => sum + count, 0);
}

/** `12 of 50 certificates per registered domain` */
function leftText({ name, left, limit }: Budget): string {
  return `${left} of ${limit} ${name}`;
}

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
  }).option('--low', 'only those whose balance is low');
  addCsvOption(list);
  remoteAction<{ low?: true }>(cli, list, async ({ client, options, output }) =>
    output.list({
      endpoint: api.upstreams.list,
      read: () => client.upstreams.list({ lowBalance: options.low && 'true' }),
      columns,
      none: 'No certificate is bought from an upstream.',
    }),
  );

  const one = addCommand(upstream, {
    usage: 'show <account>',
    summary: 'Show one upstream, and what to do',
    description:
      'Shows one of our accounts: its issuers with their CA, since when the breaker is open, what is left of each budget and who spent it, what is under way, and the last exchanges that went wrong with what was asked and answered. It begins with what to do.',
    examples: [
      ['certmux upstream show letsencrypt', 'as text'],
      ['certmux upstream show letsencrypt --json', 'with the whole of each exchange'],
    ],
  });
  remoteAction(cli, one, async ({ client, args, output }) => {
    const found = await client.upstreams.show({ upstream: args[0] ?? '' });
    output.show(found, () => upstreamLines(found));
  });

  const check = addCommand(upstream, {
    usage: 'check <account>',
    summary: 'Look now whether our account there works',
    description:
      'Asks the upstream now, without ordering anything: whether it answers, whether it knows our account, whether terms, profile and external key are as configured, and whether its clock and ours agree. It exits with 7 when something is wrong.',
    examples: [['certmux upstream check letsencrypt', 'after a change of the configuration']],
  });
  remoteAction(cli, check, async ({ client, args, output }) => {
    const found = await client.upstreams.check({ upstream: args[0] ?? '' });
    if (!found.ok) cli.setExitCode(exitCodes.refused);
    output.show(found, () => checkLines(found.items));
  });

  const rehearse = addCommand(upstream, {
    usage: 'test <account>',
    summary: 'Rehearse an order there, without placing it',
    description:
      'Goes through all that comes before an order: whether the issuer certifies such a name, CAA records, breaker, budgets, what the customer prepares (a delegation, a responder, a record), and all of upstream check. Nothing is ordered, and nothing is counted. It exits with 7 when an order would not be placed now.',
    examples: [
      ['certmux upstream test letsencrypt --name www.example.com --for 100001', 'for a customer by account number'],
    ],
  })
    .requiredOption('--name <name>', 'the name of the certificate that would be ordered')
    .requiredOption('--for <account>', "the customer's account, by id or number: delegations differ by account");
  remoteAction<{ name: string; for: string }>(cli, rehearse, async ({ client, args, options, output }) => {
    const query = { upstream: args[0] ?? '', name: options.name, account: options.for };
    const found = await client.upstreams.test(query);
    if (!found.ok) cli.setExitCode(exitCodes.refused);
    output.show(found, () => checkLines(found.items));
  });

  const changeKey = addCommand(upstream, {
    usage: 'change-key <account>',
    summary: 'Give our account there another key',
    description:
      'Makes a new key for our account and has the CA take it in place of the former one (RFC 8555 §7.3.5): when somebody may have seen the former, or on schedule. The URL of the account stays, and with it CAA records and dns-persist-01 records that name it. Orders go on. Cut off in the middle, the account works with whichever key the CA has. It is in the audit log.',
    examples: [['certmux upstream change-key letsencrypt', 'prints the account and the thumbprint of the new key']],
  });
  remoteAction(cli, changeKey, async ({ client, args, output }) => {
    const { items } = await client.upstreams.changeKey({ upstream: args[0] ?? '' });
    output.show({ items }, () =>
      items.flatMap(({ directory, accountUrl, thumbprint }) => [
        ...titled('Directory', directory),
        ...titled('Account', accountUrl),
        ...titled('New key', thumbprint),
      ]),
    );
  });

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
      'Shows where an issuance is at its upstream, in any state: which issuer of a pool serves it and why the others were passed over, the exchanges that went wrong, and the certificate that was refused where there is one. The id of an issuance begins with iss_.',
    examples: [['certmux upstream order iss_01jb2k --json', 'with the certificate that was refused']],
  });
  remoteAction(cli, show, async ({ client, args, output }) => {
    const order = await client.upstreams.order({ issuance: args[0] ?? '' });
    output.show(order, () => linesOf(order));
  });

  const costs = addCommand(upstream, {
    usage: 'costs',
    summary: 'Show what products brought and cost in a month',
    description:
      'Shows for each product that is bought from an upstream: orders that customers were charged for in the month, what they paid and got back, what upstreams took and gave back, and the margin. By currency, and nothing is converted: a product that is sold in one and bought in another has two lines.',
    examples: [
      ['certmux upstream costs', 'this month'],
      [
        'certmux upstream costs --month 2026-11 --account racent --csv > november.csv',
        'what was bought there, for the books',
      ],
    ],
  })
    .option('--month <month>', 'such as 2026-11, in UTC; this month by default')
    .option('--account <account>', 'our account at the upstream; all by default');
  addCsvOption(costs);
  remoteAction<{ month?: string; account?: string }>(cli, costs, async ({ client, options, output }) =>
    output.list({
      endpoint: api.upstreams.costs,
      read: () => client.upstreams.costs({ month: options.month, upstream: options.account }),
      columns: costColumns,
      none: 'Nothing was sold or bought in this month.',
    }),
  );

  const resolve = addCommand(upstream, {
    usage: 'resolve <issuance>',
    summary: 'Say what became of an order whose reply was lost',
    description:
      "Where a vendor cannot be asked what became of an order, nothing is sent again, and the issuance waits for you. Look for the order in the vendor's console; then say how it is numbered there, or that there is none. The vendor is asked for the number first. It is driven on at once, and the audit log says who decided. Also for an order in the state lost, which is then cancelled there, and for one that is older than the record of addresses, by its own number.",
    examples: [
      ['certmux upstream resolve iss_01jb2k --reference 4711', 'it was ordered'],
      ['certmux upstream resolve iss_01jb2k --not-ordered', 'it was not, and is ordered again'],
    ],
  })
    .addOption(new Option('--reference <number>', 'the order as the vendor numbers it').conflicts('notOrdered'))
    .addOption(new Option('--not-ordered', 'the vendor has no such order'));
  remoteAction<{ reference?: string; notOrdered?: true }>(cli, resolve, async ({ client, args, options, output }) => {
    const { reference = null, notOrdered } = options;
    if (reference === null && notOrdered !== true) {
      throw new UsageError('what became of the order is missing', 'use --reference NUMBER, or --not-ordered');
    }
    const order = await client.upstreams.resolve({ issuance: args[0] ?? '', reference });
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

function vendorLines({ vendor }: WireUpstreamOrderDetail): string[] {
  if (vendor === null) return [];
  const { api, url, number, product, kind, follows, step, sentAt, words, price, coverageUntil } = vendor;
  const sent = step === 'sent' && sentAt !== null ? `, sent ${momentText(sentAt)}, the reply is not known` : '';
  return [
    ...titled('At vendor', `${number ?? 'no number yet'} (${step}${sent})`),
    ...titled('Placed at', api && `${api} ${url ?? ''}`),
    ...titled('Bought', `${product}, ${kind}${follows === null ? '' : ` of ${follows}`}`),
    ...titled('Its words', words),
    ...titled('Price', price?.amount ?? null),
    ...titled('Paid until', coverageUntil && momentText(coverageUntil)),
  ];
}

const titled = (title: string, text: string | null) => (text === null ? [] : [`${title.padEnd(12)}${text}`]);

function linesOf(order: WireUpstreamOrderDetail): string[] {
  const { names, state, upstream, issuer, reference, proofsUntil, deadline, lastFault, waitsFor, evidence } = order;
  return [
    ...titled('Order', String(order.order)),
    ...titled('Names', names.join(', ')),
    ...titled('State', state),
    ...titled('Upstream', `${upstream} (issuer ${issuer})`),
    ...routeLines(order),
    ...titled('Reference', reference),
    ...vendorLines(order),
    ...titled('Since', momentText(order.since)),
    ...titled('Challenges', proofsUntil && `until ${momentText(proofsUntil)}`),
    ...titled('Deadline', momentText(deadline)),
    ...titled('Waits for', waitsFor),
    ...titled('Last fault', lastFault),
    ...order.exchanges.flatMap(exchangeLines),
    ...titled('Refused', evidence === null ? null : evidence.reason),
    ...(evidence === null ? [] : [evidence.pem.trimEnd()]),
  ];
}

function routeLines({ route, issuer, state }: WireUpstreamOrderDetail): string[] {
  if (route === null) return [];
  const chosen = state === 'choosing' ? `${route.pool}: no issuer is chosen yet` : `${route.pool}: ${issuer} serves it`;
  return [
    ...titled('Pool', chosen),
    ...route.passed.flatMap((one) => {
      const until = one.until === null ? 'for good' : `until ${momentText(one.until)}`;
      return titled('Passed over', `${one.issuer} at ${momentText(one.at)}, ${until}: ${one.reason}`);
    }),
  ];
}

function upstreamLines(found: WireUpstreamDetail): string[] {
  const { account, breaker, openSince, nextTryAt, lastFault, issuers, orders, budgets, advice, exchanges } = found;
  const { balance, comparison } = found;
  const open = `open since ${openSince === null ? 'long ago' : momentText(openSince)}, next try ${momentText(nextTryAt ?? '')}`;
  return [
    ...titled('Upstream', account),
    ...advice.flatMap((text) => titled('To do', text)),
    ...issuers.flatMap(({ id, mode, ca, directory }) => {
      const where = [ca, directory].filter((text) => text !== null).join(', ');
      return titled('Issuer', `${id}, mode ${mode}${where === '' ? '' : `, ${where}`}`);
    }),
    ...titled('Breaker', breaker === 'closed' ? 'closed' : open),
    ...titled('Last fault', lastFault),
    ...titled('Under way', orders.map(({ state, count }) => `${count} ${state}`).join(', ') || 'nothing'),
    ...budgets.flatMap(budgetLines),
    ...titled('Balance', balance && balanceText(balance)),
    ...comparisonLines(comparison),
    ...exchanges.flatMap(exchangeLines),
  ];
}

function balanceText({ amount, at, warning, isLow }: NonNullable<WireUpstream['balance']>): string {
  const low = isLow && warning !== null ? `, below ${warning.amount}` : '';
  return `${amount.amount} at ${momentText(at)}${low}`;
}

function comparisonLines(comparison: WireUpstreamDetail['comparison']): string[] {
  if (comparison === null) return [];
  const { at, compared, differences, more } = comparison;
  const count = differences.length + more;
  const indent = ''.padEnd(12);
  return [
    ...titled('Compared', `${compared} orders at ${momentText(at)}, ${count === 0 ? 'no' : count} differences`),
    ...differences.map(({ kind, number, issuance, names, words, priceHere, priceThere }) => {
      const prices = priceHere && priceThere ? `${priceHere.amount} here, ${priceThere.amount} there` : null;
      const parts = [number ?? 'no number', issuance, names.join(', '), words, prices];
      return `${indent}${kind}: ${parts.filter((part) => part !== null && part !== '').join('; ')}`;
    }),
    ...(more === 0 ? [] : [`${indent}and ${more} more`]),
  ];
}

function budgetLines(budget: Budget): string[] {
  const { windowSeconds, subjects } = budget;
  return [
    ...titled('Budget', `${leftText(budget)} left in ${windowSeconds / 3600} h`),
    ...subjects
      .filter(({ subject }) => subject !== '')
      .map(({ subject, spent, leftAgainAt }) => {
        const again = leftAgainAt === null ? '' : `, one is left again at ${momentText(leftAgainAt)}`;
        return `${''.padEnd(12)}${subject}: ${spent} spent${again}`;
      }),
  ];
}

/** Whole bodies are in JSON. */
const shownLength = 300;

function exchangeLines({ at, method, url, asked, status, answer }: WireUpstreamDetail['exchanges'][number]): string[] {
  const cut = (text: string) => {
    const line = text.replaceAll(/\s+/g, ' ').trim();
    return line.length <= shownLength ? line : `${line.slice(0, shownLength)}…`;
  };
  return [
    ...titled('Exchange', `${momentText(at)} ${method} ${url}`),
    ...(asked === '' ? [] : [`${''.padEnd(12)}asked: ${cut(asked)}`]),
    `${''.padEnd(12)}${status === null ? 'no answer' : `answered ${status}`}: ${cut(answer)}`,
  ];
}

function checkLines(items: WireUpstreamRehearsal['items']): string[] {
  const width = Math.max(0, ...items.map(({ what }) => what.length));
  return items.map(
    ({ issuer, what, ok, detail }) => `${ok ? 'ok   ' : 'WRONG'} ${issuer}  ${what.padEnd(width)}  ${detail}`,
  );
}

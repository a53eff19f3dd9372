/** `price list|history|set|remove`: what an account pays instead of the product's price. */
import type { Command } from 'commander';
import { api, type WireAccountPrice, type WirePriceChange } from '../../dialects/native/schema.ts';
import { parseProductCode, productCodeOf } from '../../domain/product-code.ts';
import { minorUnits } from '../amount.ts';
import {
  addCommand,
  addCsvOption,
  addGroup,
  addPageOptions,
  type Cli,
  type PageOptions,
  remoteAction,
} from '../command.ts';
import { UsageError } from '../failure.ts';
import { type Column, factLines } from '../table.ts';
import { actorText, momentText } from '../words.ts';

const columns: readonly Column<WireAccountPrice>[] = [
  { title: 'PRODUCT', value: ({ productCode }) => productCode },
  { title: 'NAME', value: ({ name }) => name, isFlexible: true },
  { title: 'PRICE', value: ({ prices }) => prices.fqdn.amount, align: 'right' },
  { title: 'WILDCARD', value: ({ prices }) => prices.wildcard.amount, align: 'right' },
  { title: 'ADDRESS', value: ({ prices }) => prices.ip.amount, align: 'right' },
  { title: 'OTHERS PAY', value: ({ productPrices }) => productPrices.fqdn.amount, align: 'right' },
];

const historyColumns: readonly Column<WirePriceChange>[] = [
  { title: 'FROM', value: ({ at }) => momentText(at) },
  { title: 'PRODUCT', value: ({ productCode }) => productCode },
  { title: 'PRICE', value: ({ prices }) => prices?.fqdn.amount ?? "the product's", align: 'right' },
  { title: 'WILDCARD', value: ({ prices }) => prices?.wildcard.amount ?? '', align: 'right' },
  { title: 'BY', value: ({ actor }) => actorText(actor), isFlexible: true },
  { title: 'NOTE', value: ({ note }) => note, isFlexible: true },
];

interface SetOptions {
  readonly price?: string;
  readonly wildcardPrice?: string;
  readonly ipPrice?: string;
  readonly note: string;
}

export function addPriceCommands(program: Command, cli: Cli): void {
  const price = addGroup(program, {
    usage: 'price',
    summary: 'Prices that an account has of its own',
    description:
      "An account pays the product's price unless it has one of its own. A change counts from now on; orders that were placed keep what they cost.",
  });
  addLists(price, cli);

  const set = addCommand(price, {
    usage: 'set <account> <product>',
    summary: 'Set what an account pays for a product',
    description:
      "Sets the account's price in the product's currency, from now on. Prices that are not named stay as the account pays them now.",
    examples: [
      ['certmux price set 100001 encryption365:108 --price 99.00 --note "contract 2026"', 'for each ordinary name'],
      ['certmux price set 100001 encryption365:108 --price 0 --wildcard-price 0', 'free for this account'],
    ],
  })
    .option('--price <amount>', 'for an ordinary name and one coverage period')
    .option('--wildcard-price <amount>', 'for a wildcard')
    .option('--ip-price <amount>', 'for an address')
    .option('--note <text>', 'kept with the change', '');
  remoteAction<SetOptions>(cli, set, async ({ client, args, options, output }) => {
    const [account = '', text = ''] = args;
    const productCode = productCodeOf(parseProductCode(text));
    if ([options.price, options.wildcardPrice, options.ipPrice].every((one) => one === undefined)) {
      throw new UsageError('no price is named', 'name it: certmux price set --help');
    }
    const own = (await client.prices.list({ account })).items.find((one) => one.productCode === productCode);
    const before = own?.prices ?? (await productPrices(client.products.list, productCode));
    const minor = (text: string | undefined, now: { readonly minor: number; readonly currency: string }) =>
      text === undefined ? now.minor : minorUnits(text, now.currency);
    const changed = await client.prices.set({
      account,
      ...parseProductCode(productCode),
      fqdnMinor: minor(options.price, before.fqdn),
      wildcardMinor: minor(options.wildcardPrice, before.wildcard),
      ipMinor: minor(options.ipPrice, before.ip),
      note: options.note,
    });
    output.show(changed, () => priceLines(changed));
  });

  const remove = addCommand(price, {
    usage: 'remove <account> <product>',
    summary: "Let an account pay the product's own price again",
    description: 'From now on. What the account paid before stays in the history.',
    examples: [['certmux price remove 100001 encryption365:108', 'the list price again']],
  }).option('--note <text>', 'kept with the change', '');
  remoteAction<{ note: string }>(cli, remove, async ({ client, args, options, output }) => {
    const [account = '', productCode = ''] = args;
    const removed = await client.prices.remove({ account, ...parseProductCode(productCode), note: options.note });
    output.show(removed, () => priceLines(removed));
  });
}

function addLists(group: Command, cli: Cli): void {
  const list = addCommand(group, {
    usage: 'list <account>',
    summary: 'List the prices of an account',
    description: "Lists the products for which the account has prices of its own. All others cost the product's price.",
    examples: [['certmux price list 100001', 'by number; ids work as well']],
  });
  addCsvOption(list);
  remoteAction(cli, list, async ({ client, args, output }) =>
    output.list({
      endpoint: api.prices.list,
      read: () => client.prices.list({ account: args[0] ?? '' }),
      columns,
      none: "The account pays the products' own prices.",
    }),
  );

  const history = addPageOptions(
    addCommand(group, {
      usage: 'history <account>',
      summary: 'List how the prices of an account changed',
      description: 'Lists the changes, newest first: what was paid from when on, who set it, and why.',
      examples: [['certmux price history 100001', 'by number; ids work as well']],
    }),
  );
  remoteAction<PageOptions>(cli, history, async ({ client, args, options, output }) =>
    output.list({
      endpoint: api.prices.history,
      page: options,
      read: (page) => client.prices.history({ ...page, account: args[0] ?? '' }),
      columns: historyColumns,
      none: 'The account never had prices of its own.',
    }),
  );
}

/** @throws {UsageError} for what is not in the list of products */
async function productPrices(
  list: (input: Record<string, never>) => Promise<{
    readonly items: readonly { readonly productCode: string; readonly prices: WireAccountPrice['prices'] }[];
  }>,
  productCode: string,
): Promise<WireAccountPrice['prices']> {
  const found = (await list({})).items.find((one) => one.productCode === productCode);
  if (found !== undefined) return found.prices;
  throw new UsageError(`${JSON.stringify(productCode)} is not in the list of products`, 'see: certmux product list');
}

function priceLines({ productCode, name, prices, productPrices: own }: WireAccountPrice): string[] {
  return factLines([
    ['Product', `${productCode} ${name}`],
    ['Price', `${prices.fqdn.amount} a name (others pay ${own.fqdn.amount})`],
    ['Wildcard', `${prices.wildcard.amount} (${own.wildcard.amount})`],
    ['Address', `${prices.ip.amount} (${own.ip.amount})`],
  ]);
}

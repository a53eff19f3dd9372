/** `product list|change`: what is sold. */
import { type Command, Option } from 'commander';
import { productSorts } from '../../dialects/native/schema/products.ts';
import { api, type WireProduct } from '../../dialects/native/schema.ts';
import { parseProductCode, productCodeOf } from '../../domain/product-code.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { minorUnits } from '../amount.ts';
import { addCommand, addCsvOption, addGroup, type Cli, remoteAction } from '../command.ts';
import { UsageError } from '../failure.ts';
import { isYes, type YesOrNo, yesOrNoOption } from '../list-filters.ts';
import { type Column, factLines } from '../table.ts';
import { coverageText } from '../words.ts';

const columns: readonly Column<WireProduct>[] = [
  { title: 'PRODUCT', value: ({ productCode }) => productCode },
  { title: 'NAME', value: ({ name }) => name, isFlexible: true },
  { title: 'LEVEL', value: ({ level }) => level.toUpperCase() },
  { title: 'COVERS', value: ({ coverage }) => coverageText(coverage) },
  { title: 'NAMES', value: ({ maxNames }) => String(maxNames), align: 'right' },
  { title: 'ALSO', value: alsoText, isFlexible: true },
  { title: 'ISSUER', value: ({ issuerId }) => issuerId },
  { title: 'PRICE', value: ({ prices }) => prices.fqdn.amount, align: 'right' },
  { title: 'SALE', value: ({ isForSale }) => (isForSale ? 'yes' : 'no') },
];

function alsoText(product: WireProduct): string {
  const kinds = [
    product.allowsWildcard ? 'wildcard' : undefined,
    product.allowsIpv4 ? 'IPv4' : undefined,
    product.allowsIpv6 ? 'IPv6' : undefined,
  ];
  return kinds.filter((kind) => kind !== undefined).join(' ');
}

interface ProductListOptions {
  readonly text?: string;
  readonly dialect?: string;
  readonly level?: WireProduct['level'];
  readonly issuer?: string;
  readonly forSale?: YesOrNo;
  readonly sort?: (typeof productSorts)[number];
}

interface ChangeOptions {
  readonly price?: string;
  readonly wildcardPrice?: string;
  readonly ipPrice?: string;
  readonly name?: string;
  readonly issuer?: string;
  readonly profile?: string;
  readonly forSale?: boolean;
}

export function addProductCommands(program: Command, cli: Cli): void {
  const product = addGroup(program, {
    usage: 'product',
    summary: 'Products: what can be ordered',
    description: 'A product is sold through one API under a code, and names a profile and an issuer.',
  });

  const list = addCommand(product, {
    usage: 'list',
    summary: 'List what can be ordered',
    description:
      'Lists the products with the code that an order names, the validation level, what they cover and their price.',
    examples: [
      ['certmux product list', 'a table'],
      ['certmux product list --json', 'with every price'],
      ['certmux product list --level ov --for-sale yes --sort price', 'the cheapest first'],
    ],
  })
    .option('--text <text>', 'only with this in the name or the code')
    .option('--dialect <api>', 'only those that are ordered through this API')
    .addOption(new Option('--level <level>', 'only those of this validation level').choices(['dv', 'ov', 'ev']))
    .option('--issuer <id>', 'only what this issuer or pool signs')
    .addOption(yesOrNoOption('--for-sale <answer>', 'only those that can be ordered, or cannot'))
    .addOption(new Option('--sort <by>', 'a minus: the other way round').choices(productSorts));
  addCsvOption(list);
  remoteAction<ProductListOptions>(cli, list, async ({ client, options, output }) => {
    const { text, dialect, level, issuer, forSale, sort } = options;
    const filter = { text, dialect, level, issuer, forSale: isYes(forSale), sort };
    const isNarrowed = Object.values({ ...filter, sort: undefined }).some((value) => value !== undefined);
    await output.list({
      endpoint: api.products.list,
      read: () => client.products.list(filter),
      columns,
      none: isNarrowed ? 'No products were found.' : 'There are no products: the configuration names no dialect.',
    });
  });

  const change = addCommand(product, {
    usage: 'change <product>',
    summary: "Change a product's price, issuer or profile, or take it off sale",
    description:
      'Changes what later orders pay, where their certificates come from, and whether the product can be ordered. Orders that exist stay as they are: their next certificates come from the issuer that they have.',
    examples: [
      ['certmux product change tls-dv --price 99.00', 'for each name and coverage period'],
      ['certmux product change tls-dv --issuer public', 'from a pool of the configuration'],
      [
        'certmux product change tls-dv --profile public-dv',
        'by the rules of public CAs: CAA, 199 days, no private names',
      ],
      ['certmux product change encryption365:100 --no-for-sale', 'take it off sale'],
    ],
  })
    .option('--price <amount>', 'for an ordinary name')
    .option('--wildcard-price <amount>', 'for a wildcard')
    .option('--ip-price <amount>', 'for an address')
    .option('--name <text>', 'its name')
    .option('--issuer <id>', 'an issuer or a pool of the configuration, or embedded')
    .option('--profile <id>', 'a profile of its level: private-dv, public-dv …')
    .option('--for-sale', 'put it on sale')
    .option('--no-for-sale', 'take it off sale');
  remoteAction<ChangeOptions>(cli, change, async ({ client, args, options, output }) => {
    const productCode = productCodeOf(parseProductCode(args[0] ?? ''));
    const { items } = await client.products.list({});
    const before = items.find((one) => one.productCode === productCode);
    const { dialect, code } = parseProductCode(productCode);
    const prices = before === undefined ? undefined : changedPrices(before, options);
    if (before === undefined && hasPrice(options)) {
      throw new UsageError(`${JSON.stringify(productCode)} is not in the list`, 'see: certmux product list');
    }
    const changed = await client.products.change({
      dialect,
      code,
      ...withDefined({
        isForSale: options.forSale,
        name: options.name,
        issuerId: options.issuer,
        profileId: options.profile,
        prices,
      }),
    });
    output.show(changed, () => productLines(changed));
  });
}

function productLines(product: WireProduct): string[] {
  return factLines([
    ['Product', `${product.productCode} ${product.name}`],
    ['For sale', product.isForSale ? 'yes' : 'no'],
    ['Issuer', product.issuerId],
    ['Profile', product.profileId],
    ['Price', `${product.prices.fqdn.amount} a name`],
    ['Wildcard', product.allowsWildcard ? product.prices.wildcard.amount : null],
    ['Address', product.allowsIpv4 || product.allowsIpv6 ? product.prices.ip.amount : null],
  ]);
}

function hasPrice({ price, wildcardPrice, ipPrice }: ChangeOptions): boolean {
  return price !== undefined || wildcardPrice !== undefined || ipPrice !== undefined;
}

/** All three prices are sent, the others as they were. Undefined when none was named. */
function changedPrices({ prices }: WireProduct, options: ChangeOptions) {
  if (!hasPrice(options)) return undefined;
  const minor = (text: string | undefined, before: { readonly minor: number; readonly currency: string }) =>
    text === undefined ? before.minor : minorUnits(text, before.currency);
  return {
    fqdnMinor: minor(options.price, prices.fqdn),
    wildcardMinor: minor(options.wildcardPrice, prices.wildcard),
    ipMinor: minor(options.ipPrice, prices.ip),
  };
}

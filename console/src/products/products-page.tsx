/** What is sold, at what price, and by which rules it is issued. */
import { useQuery } from '@tanstack/react-query';
import { majorOf, minorOf } from '../accounts/money.ts';
import { call } from '../api/call.ts';
import { listSource, type RowOf, withIds } from '../api/list.ts';
import { type Me, may, meQuery } from '../api/me.ts';
import { dialects } from '../credentials/dialects.ts';
import { Needs } from '../frame/needs.tsx';
import type { Texts } from '../messages/texts.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ActButton } from '../shared/act/act-button.tsx';
import { textOf } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { Chip } from '../shared/chip.tsx';
import type { ListDefinition } from '../shared/list/definition.ts';
import { ListScreen } from '../shared/list/list-screen.tsx';
import styles from '../shared/row-acts.module.css';
import { visible } from '../shared/visible.ts';
import { Profiles } from './profiles.tsx';

type Product = RowOf<'products', 'list'>;

export function ProductsPage() {
  const texts = useTexts();
  const { data: me } = useQuery(meQuery);
  if (me === undefined) return null;
  return (
    <Needs operation="products.list">
      <ListScreen list={productList(texts, me)} />
      {may(me, 'profiles.list') && <Profiles />}
    </Needs>
  );
}

function productList(
  { products, list, organizations, credentials }: Texts,
  me: Me,
): ListDefinition<Product & { readonly id: string }> {
  const { columns } = products;
  return {
    name: 'products',
    title: products.title,
    path: '/products',
    source: withIds(listSource('products', 'list'), ({ dialect, code }) => `${dialect}:${code}`),
    paging: 'whole',
    text: { key: 'text', placeholder: products.search },
    filters: [
      { key: 'level', label: columns.level, values: organizations.levels },
      { key: 'dialect', label: credentials.columns.api, values: dialects },
      { key: 'issuer', label: columns.issuer },
      { key: 'forSale', label: columns.sale, values: { true: list.yes, false: list.no } },
    ],
    views: [
      { key: 'all', label: products.views.all, filters: {} },
      { key: 'onSale', label: products.onSale, filters: { forSale: 'true' } },
      { key: 'offSale', label: products.offSale, filters: { forSale: 'false' } },
    ],
    columns: [
      {
        key: 'name',
        label: columns.name,
        width: 'minmax(170px, 2fr)',
        onCard: 'title',
        cell: ({ name, productCode }) => (
          <>
            <strong>{visible(name)}</strong>
            <code className="dim">{productCode}</code>
          </>
        ),
      },
      { key: 'level', label: columns.level, width: '56px', cell: ({ level }) => level.toUpperCase() },
      {
        key: 'price',
        label: columns.price,
        width: 'minmax(150px, 1.2fr)',
        cell: ({ prices: { fqdn, wildcard } }) => (
          <>
            <span className="together">{fqdn.minor === 0 ? products.free : products.price(fqdn.amount)}</span>
            {wildcard.minor !== fqdn.minor && (
              <span className="dim small together">{products.wildcard(wildcard.amount)}</span>
            )}
          </>
        ),
      },
      {
        key: 'covers',
        label: columns.covers,
        width: '96px',
        cell: ({ coverage: { unit, count } }) => products.coverage[unit](count),
      },
      {
        key: 'issuer',
        label: columns.issuer,
        width: 'minmax(90px, 0.8fr)',
        isWide: true,
        onCard: 'none',
        cell: ({ issuerId }) => issuerId,
      },
      { key: 'profile', label: columns.profile, width: '110px', isExtra: true, cell: ({ profileId }) => profileId },
      { key: 'names', label: columns.names, width: '110px', isExtra: true, cell: ({ maxNames }) => maxNames },
      {
        key: 'sale',
        label: columns.sale,
        width: '124px',
        onCard: 'side',
        cell: ({ isForSale }) => (
          <Chip icon={isForSale ? 'check' : 'stop'} tone={isForSale ? 'good' : 'idle'}>
            {isForSale ? products.onSale : products.offSale}
          </Chip>
        ),
      },
      ...(may(me, 'products.change')
        ? [{ key: 'acts', label: list.acts, width: '190px', cell: (row: Product) => <Acts product={row} /> }]
        : []),
    ],
    count: products.count,
    empty: { icon: 'product', title: products.empty, text: products.emptyText },
  };
}

function Acts({ product }: { readonly product: Product }) {
  const { products, accounts } = useTexts();
  const { dialect, code, name, isForSale, prices } = product;
  const like = prices.fqdn;
  const minor = (typed: string) => minorOf(typed, like) ?? -1;
  return (
    <span className={styles.acts}>
      <FormButton
        label={products.changePrice}
        size="xs"
        isGuarded
        title={products.priceTitle(visible(name))}
        text={products.priceText}
        fields={(['fqdn', 'wildcard', 'ip'] as const).map((one) => ({
          kind: 'number' as const,
          name: one,
          wire: `prices.${one}Minor`,
          label: `${accounts[one]} (${like.currency})`,
          value: majorOf(prices[one], like),
          isRequired: true,
        }))}
        changes={['products']}
        run={(values, options) =>
          call(
            'products',
            'change',
            {
              dialect,
              code,
              prices: {
                fqdnMinor: minor(textOf(values, 'fqdn')),
                wildcardMinor: minor(textOf(values, 'wildcard')),
                ipMinor: minor(textOf(values, 'ip')),
              },
            },
            options,
          )
        }
        undo={{
          object: visible(name),
          run: () =>
            call('products', 'change', {
              dialect,
              code,
              prices: {
                fqdnMinor: prices.fqdn.minor,
                wildcardMinor: prices.wildcard.minor,
                ipMinor: prices.ip.minor,
              },
            }),
        }}
      />
      <ActButton
        label={isForSale ? products.takeOffSale : products.putOnSale}
        size="xs"
        changes={['products']}
        run={() => call('products', 'change', { dialect, code, isForSale: !isForSale })}
        undo={{ object: visible(name), run: () => call('products', 'change', { dialect, code, isForSale }) }}
      />
    </span>
  );
}

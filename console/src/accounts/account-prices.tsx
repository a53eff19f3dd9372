/** What an account pays that others do not. */
import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { type Me, may } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { textOf } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { Detail } from '../shared/detail.tsx';
import { Card, Lines } from '../shared/object.tsx';
import { visible } from '../shared/visible.ts';
import type { Account } from './account-body.tsx';
import { minorOf } from './money.ts';

export interface AccountPricesProps {
  readonly account: Account;
  readonly me: Me;
}

export function AccountPrices({ account, me }: AccountPricesProps) {
  const { accounts } = useTexts();
  const reference = String(account.number);
  const query = useQuery({
    queryKey: ['prices', reference],
    queryFn: ({ signal }) => call('prices', 'list', { account: reference }, { signal }),
  });
  return (
    <Card title={accounts.prices} isFlush tools={may(me, 'prices.set') ? <SetPrice account={account} /> : undefined}>
      <Detail query={query} unknown={accounts.unknown}>
        {({ items }) => (
          <Lines>
            {items.length === 0 && <li className="dim">{accounts.noPrices}</li>}
            {items.map(({ productCode, name, prices, productPrices }) => (
              <li key={productCode}>
                <span>
                  <span>{visible(name)}</span>
                  <span>{accounts.price(prices.fqdn.amount, prices.wildcard.amount, prices.ip.amount)}</span>
                  <span className="dim small">{accounts.insteadOf(productPrices.fqdn.amount)}</span>
                </span>
                {may(me, 'prices.remove') && (
                  <FormButton
                    label={accounts.removePrice}
                    size="xs"
                    isGuarded
                    title={accounts.removePriceTitle(visible(name))}
                    changes={['prices']}
                    run={(_values, options) =>
                      call('prices', 'remove', { account: reference, ...splitCode(productCode) }, options)
                    }
                    undo={{
                      object: visible(name),
                      run: () =>
                        call('prices', 'set', {
                          account: reference,
                          ...splitCode(productCode),
                          fqdnMinor: prices.fqdn.minor,
                          wildcardMinor: prices.wildcard.minor,
                          ipMinor: prices.ip.minor,
                        }),
                    }}
                  />
                )}
              </li>
            ))}
          </Lines>
        )}
      </Detail>
    </Card>
  );
}

function SetPrice({ account }: Pick<AccountPricesProps, 'account'>) {
  const { accounts } = useTexts();
  const { data } = useQuery({
    queryKey: ['products', 'choices'],
    queryFn: ({ signal }) => call('products', 'list', {}, { signal }),
    staleTime: 60_000,
  });
  const products = (data?.items ?? []).map(({ dialect, code, name, prices }) => ({
    value: `${dialect}:${code}`,
    label: visible(name),
    text: accounts.price(prices.fqdn.amount, prices.wildcard.amount, prices.ip.amount),
  }));
  const minor = (typed: string) => minorOf(typed, account.balance) ?? -1;
  return (
    <FormButton
      label={accounts.setPrice}
      size="xs"
      isGuarded
      title={accounts.setPriceTitle(visible(account.name))}
      text={accounts.setPriceText}
      fields={[
        { kind: 'one', name: 'product', label: accounts.product, options: products, isRequired: true },
        ...(['fqdn', 'wildcard', 'ip'] as const).map((name) => ({
          kind: 'number' as const,
          name,
          wire: `${name}Minor`,
          label: `${accounts[name]} (${account.balance.currency})`,
          isRequired: true,
        })),
        { kind: 'text', name: 'note', label: accounts.note },
      ]}
      changes={['prices']}
      run={(values, options) =>
        call(
          'prices',
          'set',
          {
            account: String(account.number),
            ...splitCode(textOf(values, 'product')),
            fqdnMinor: minor(textOf(values, 'fqdn')),
            wildcardMinor: minor(textOf(values, 'wildcard')),
            ipMinor: minor(textOf(values, 'ip')),
            note: textOf(values, 'note'),
          },
          options,
        )
      }
    />
  );
}

function splitCode(productCode: string): { readonly dialect: string; readonly code: string } {
  const [dialect = '', ...code] = productCode.split(':');
  return { dialect, code: code.join(':') };
}

/** A new key for ACME clients. It is shown once, with the lines of the usual clients, and is kept nowhere. */
import { useQuery } from '@tanstack/react-query';
import { call, type Reply } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { linesOf, textOf } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { useAccountField } from '../shared/act/use-account-field.ts';
import { startOfDay } from '../shared/days.ts';
import { Copied, Facts } from '../shared/object.tsx';
import { visible } from '../shared/visible.ts';
import styles from './acme-keys.module.css';
import { ClientLines } from './client-lines-tabs.tsx';

export function AddAcmeKey() {
  const { acmeKeys } = useTexts();
  const account = useAccountField();
  const { data: products } = useQuery({
    queryKey: ['products'],
    queryFn: ({ signal }) => call('products', 'list', {}, { signal }),
  });
  const forSale = products?.items.filter(({ isForSale }) => isForSale) ?? [];
  return (
    <FormButton
      label={acmeKeys.add}
      icon="plus"
      isMain
      isGuarded
      title={acmeKeys.add}
      text={acmeKeys.addText}
      fields={[
        ...account,
        { kind: 'text', name: 'name', label: acmeKeys.name, description: acmeKeys.nameText, isRequired: true },
        {
          kind: 'one',
          name: 'productCode',
          label: acmeKeys.product,
          options: forSale.map(({ productCode, name }) => ({ value: productCode, label: visible(name) })),
        },
        { kind: 'lines', name: 'names', label: acmeKeys.names, description: acmeKeys.namesText },
        { kind: 'lines', name: 'addressRanges', label: acmeKeys.addresses, description: acmeKeys.addressesText },
        { kind: 'date', name: 'expiresAt', label: acmeKeys.expires, description: acmeKeys.expiresText },
      ]}
      changes={['acmeKeys']}
      answer={{ title: acmeKeys.madeTitle, show: (made: Reply<'acmeKeys', 'create'>) => <Made made={made} /> }}
      run={(values, options) => {
        const day = textOf(values, 'expiresAt');
        return call(
          'acmeKeys',
          'create',
          {
            account: textOf(values, 'account') || null,
            name: textOf(values, 'name'),
            productCode: textOf(values, 'productCode') || (forSale[0]?.productCode ?? ''),
            names: linesOf(values, 'names'),
            addressRanges: linesOf(values, 'addressRanges'),
            expiresAt: day === '' ? null : startOfDay(day),
          },
          options,
        );
      }}
    />
  );
}

function Made({ made: { key, directoryUrl, hmacKey } }: { readonly made: Reply<'acmeKeys', 'create'> }) {
  const { acmeKeys } = useTexts();
  return (
    <div className={styles.made}>
      <p>{acmeKeys.madeText}</p>
      <Facts
        rows={[
          [acmeKeys.directory, <Copied key="directory" value={directoryUrl} what={acmeKeys.directory} />],
          [acmeKeys.keyId, <Copied key="id" value={key.keyId} what={acmeKeys.keyId} />],
          [acmeKeys.hmacKey, <Copied key="hmac" value={hmacKey} what={acmeKeys.hmacKey} />],
        ]}
      />
      <ClientLines access={{ directoryUrl, keyId: key.keyId, hmacKey }} />
    </div>
  );
}

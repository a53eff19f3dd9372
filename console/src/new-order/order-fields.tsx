/** The fields of a new order. */
import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { CustomInputs } from '../custom-fields/custom-inputs.tsx';
import type { CustomField } from '../custom-fields/use-custom-fields.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import type { ErrorOf } from '../shared/confirm/confirm-dialog.tsx';
import { CsrField } from '../shared/csr/csr-field.tsx';
import { readCsr } from '../shared/csr/read-csr.ts';
import { visible } from '../shared/visible.ts';
import { AccountField } from './account-field.tsx';
import { ContainerField } from './container-field.tsx';
import { type Draft, methods, namesOf, type Product } from './form.ts';
import styles from './new-order.module.css';
import { OrganizationFields } from './organization-fields.tsx';

export interface OrderFieldsProps {
  readonly draft: Draft;
  readonly onChange: (changes: Partial<Draft>) => void;
  readonly errorOf: ErrorOf;
  readonly products: readonly Product[];
  readonly product: Product | undefined;
  readonly needsAccount: boolean;
  /** The account, once its number is typed to the end. */
  readonly settledAccount: string;
  readonly customFields: readonly CustomField[];
  /** Somebody has tried to order: what is missing is marked. */
  readonly isChecked: boolean;
}

export function OrderFields(props: OrderFieldsProps) {
  const { draft, onChange, errorOf, products, product, needsAccount, customFields } = props;
  const { newOrder, orders, acts, customFields: customTexts } = useTexts();

  function takeCsr(csr: string) {
    const names = readCsr(csr)?.names ?? [];
    // What somebody typed stays; an empty field has the names that the CSR has.
    onChange({ csr, ...(draft.names.trim() === '' && names.length > 0 ? { names: names.join('\n') } : {}) });
  }

  return (
    <div className={styles.fields}>
      <section className={`card ${styles.block}`} aria-labelledby="what">
        <h2 id="what">{newOrder.what}</h2>
        {needsAccount && (
          <AccountField
            value={draft.account}
            onChange={(account) => onChange({ account, ...ofAnotherAccount })}
            error={errorOf('account')}
          />
        )}
        <NativeSelect
          label={newOrder.product}
          data={groupsOf(products)}
          value={product?.productCode ?? ''}
          error={errorOf('productCode')}
          onChange={(event) => onChange({ productCode: event.currentTarget.value, periods: 1 })}
        />
        {draft.productCode !== '' && product !== undefined && product.productCode !== draft.productCode && (
          <p className="dim small">{newOrder.productGone(draft.productCode)}</p>
        )}
        {product !== undefined && product.maxPeriods > 1 && (
          <NativeSelect
            label={newOrder.periods}
            data={Array.from({ length: product.maxPeriods }, (_, i) => ({
              value: String(i + 1),
              label: newOrder.span((i + 1) * product.coverage.count, product.coverage.unit),
            }))}
            value={String(draft.periods)}
            error={errorOf('periods')}
            onChange={(event) => onChange({ periods: Number(event.currentTarget.value) })}
          />
        )}
      </section>
      <section className={`card ${styles.block}`} aria-labelledby="names-and-key">
        <h2 id="names-and-key">{newOrder.namesAndKey}</h2>
        <Textarea
          {...(needsAccount ? {} : { 'data-first': true })}
          label={orders.names}
          description={newOrder.namesText}
          placeholder={'www.example.com\nexample.com'}
          rows={4}
          spellCheck={false}
          autoCapitalize="none"
          value={draft.names}
          error={errorOf('names')}
          onChange={(event) => onChange({ names: event.currentTarget.value })}
          classNames={{ input: 'mono' }}
        />
        <CsrField value={draft.csr} onChange={takeCsr} names={namesOf(draft)} error={errorOf('csr')} />
        {product?.csrMayFollow === true && <p className="dim small">{newOrder.csrLater}</p>}
      </section>
      <section className={`card ${styles.block}`} aria-labelledby="proof">
        <h2 id="proof">{newOrder.proof}</h2>
        <fieldset className={styles.methods}>
          <legend className="hidden">{newOrder.proof}</legend>
          {methods.map((method) => (
            <label key={method} className={styles.method}>
              <input
                type="radio"
                name="method"
                value={method}
                checked={draft.method === method}
                onChange={() => onChange({ method })}
              />
              <span>
                {orders.methods[method]}
                <span className="dim small">{newOrder.methodTexts[method]}</span>
              </span>
            </label>
          ))}
        </fieldset>
        {errorOf('method') !== undefined && (
          <p role="alert" className={styles.error}>
            {errorOf('method')}
          </p>
        )}
      </section>
      {product !== undefined && product.level !== 'dv' && (
        <OrganizationFields draft={draft} onChange={onChange} error={errorOf('organization')} />
      )}
      {customFields.length > 0 && (
        <section className={`card ${styles.block}`} aria-labelledby="custom-fields">
          <h2 id="custom-fields">{customTexts.ofOrder}</h2>
          <CustomInputs
            fields={customFields}
            values={draft.customFields}
            onChange={(values) => onChange({ customFields: values })}
            hasDefaults
            isChecked={props.isChecked}
          />
          {errorOf('customFields') !== undefined && (
            <p role="alert" className={styles.error}>
              {errorOf('customFields')}
            </p>
          )}
        </section>
      )}
      <section className={`card ${styles.block}`} aria-labelledby="more">
        <h2 id="more">{newOrder.more}</h2>
        <ContainerField
          account={props.settledAccount}
          value={draft.container}
          error={errorOf('container')}
          onChange={(container) => onChange({ container })}
        />
        <TextInput
          label={orders.facts.reference}
          description={acts.change.referenceText}
          maxLength={200}
          value={draft.reference}
          error={errorOf('reference')}
          onChange={(event) => onChange({ reference: event.currentTarget.value })}
        />
        <TextInput
          label={newOrder.comments}
          maxLength={1000}
          value={draft.comments}
          error={errorOf('comments')}
          onChange={(event) => onChange({ comments: event.currentTarget.value })}
        />
        <label className={styles.method}>
          <input
            type="checkbox"
            checked={draft.isAutoRenewed}
            onChange={(event) => onChange({ isAutoRenewed: event.currentTarget.checked })}
          />
          <span>
            {acts.change.renew}
            <span className="dim small">{acts.change.renewText}</span>
          </span>
        </label>
      </section>
    </div>
  );
}

/** What belongs to an account is none of another's. */
const ofAnotherAccount = { organization: '', container: '' } as const;

/** Our own products first, then those of each API. */
function groupsOf(products: readonly Product[]) {
  const byDialect = Map.groupBy(products, ({ dialect }) => dialect);
  return [...byDialect].map(([group, items]) => ({
    group,
    items: items.map(({ productCode, name, prices }) => ({
      value: productCode,
      label: `${visible(name)} · ${prices.fqdn.amount}`,
    })),
  }));
}

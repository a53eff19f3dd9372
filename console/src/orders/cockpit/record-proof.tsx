/** A DNS record, in the form of whoever hosts the zone. */
import { useState } from 'react';
import type { Texts } from '../../messages/texts.ts';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { CopyText } from '../../shared/copy-text.tsx';
import type { Proof } from '../order-query.ts';
import styles from './cockpit.module.css';
import { type DnsForm, dnsForms, type FormField, fieldsOf, formOf, recordOf } from './record-forms.ts';
import { type Line, ValueList } from './value-list.tsx';

type RecordProofOf = Extract<Proof, { readonly method: 'dnsTxt' | 'dnsCname' }>;

export function RecordProof({ name, proof }: { readonly name: string; readonly proof: RecordProofOf }) {
  const texts = useTexts();
  const { order } = texts;
  const known = formOf(proof);
  const [wished, wish] = useState<DnsForm | undefined>();
  const form = wished ?? known;
  const record = recordOf(proof);
  if (record === null) return null;
  const lines = fieldsOf(form, record).map((field) => lineOf(field, form, texts));
  const all = lines.map(({ label, value }) => `${label}: ${value}`).join('\n');
  return (
    <>
      <div className={styles.hosts}>
        <span className="dim small" id={`dns-${proof.host}`}>
          {known === 'other' ? order.dnsHost : order.dnsHostKnown(order.dnsForms[known].name)}
        </span>
        <fieldset className={styles.forms} aria-labelledby={`dns-${proof.host}`}>
          {dnsForms.map((one) => (
            <button
              key={one}
              type="button"
              className={styles.form}
              aria-pressed={one === form}
              onClick={() => wish(one)}
            >
              {order.dnsForms[one].name}
            </button>
          ))}
        </fieldset>
      </div>
      <ValueList lines={lines} alternatives={proof.alternativeHosts} />
      {form !== 'other' && form !== 'bind' && (
        <p className="dim small">
          {record.relativeHost === undefined ? order.wholeHost : order.withoutZone(proof.zone ?? '')}
        </p>
      )}
      <div className={styles.copies}>
        <CopyText text={form === 'bind' ? (lines[0]?.value ?? '') : all}>{order.copyAll}</CopyText>
        <CopyText icon="mail" text={order.recordMessage(name, all)}>
          {order.copyMessage}
        </CopyText>
      </div>
    </>
  );
}

function lineOf({ field, value, isChosen }: FormField, form: DnsForm, { order }: Texts): Line {
  const words = order.dnsForms[form];
  const labels = { ...order.recordFields, host: words.host, value: words.value };
  return {
    label: labels[field],
    value: isChosen ? chosenText(value, order) : value,
    isCopied: !isChosen,
  };
}

function chosenText(value: string, { recordChoices }: Texts['order']): string {
  return value === 'default' || value === 'dnsOnly' ? recordChoices[value] : value;
}

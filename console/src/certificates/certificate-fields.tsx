/** Every field that the certificate has (RFC 5280 §4.1), for whoever asks what it says. */
import type { ReactNode } from 'react';
import { useTexts } from '../preferences/texts-provider.tsx';
import { type Fact, Facts } from '../shared/object.tsx';
import { Moment } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import type { Certificate, CertificateProps } from './certificate-types.ts';
import styles from './certificates.module.css';

type Name = Certificate['decoded']['subject'];

export function CertificateFields({ certificate: { decoded } }: CertificateProps) {
  const { certificates, list } = useTexts();
  const { fields } = certificates;
  const rows: readonly Fact[] = [
    [fields.subject, nameText(decoded.subject)],
    [fields.issuer, nameText(decoded.issuer)],
    [fields.version, decoded.version],
    [fields.serial, <code key="serial">{decoded.serial}</code>],
    [fields.signature, decoded.signatureAlgorithm],
    [fields.from, <Moment key="from" at={decoded.notBefore} />],
    [fields.until, <Moment key="until" at={decoded.notAfter} />],
    [fields.key, decoded.key.kind],
    [fields.names, lines(decoded.names)],
    [fields.isCa, decoded.isCa ? list.yes : list.no],
    [fields.usages, decoded.keyUsages.join(', ')],
    [fields.purposes, decoded.purposes.join(', ')],
    [fields.policies, lines(decoded.policies.map(({ oid, name }) => (name === oid ? oid : `${name} (${oid})`)))],
    [fields.subjectKeyId, code(decoded.subjectKeyId)],
    [fields.authorityKeyId, code(decoded.authorityKeyId)],
    [fields.caIssuers, lines(decoded.caIssuers)],
    [fields.ocsp, lines(decoded.ocsp)],
    [fields.crls, lines(decoded.crls)],
    [
      fields.extensions,
      lines(decoded.extensions.map(({ name, isCritical }) => (isCritical ? `${name} · ${fields.critical}` : name))),
    ],
  ];
  return (
    <details className={`card ${styles.text}`}>
      <summary>{fields.title}</summary>
      <div className={styles.fields}>
        <Facts rows={rows} />
      </div>
    </details>
  );
}

function nameText(name: Name): string {
  return name.map(({ type, value }) => `${type}=${visible(value)}`).join(', ');
}

function lines(values: readonly string[]): ReactNode {
  if (values.length === 0) return null;
  return (
    <ul>
      {values.map((value) => (
        <li key={value}>{visible(value)}</li>
      ))}
    </ul>
  );
}

function code(value: string | null): ReactNode {
  return value === null ? null : <code>{value}</code>;
}

/** Whose place it took, and what took its place: old, this, new. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Card } from '../shared/object.tsx';
import { DaysLeft } from '../shared/time.tsx';
import { CertificateChip } from './certificate-chip.tsx';
import type { CertificateProps } from './certificate-types.ts';
import styles from './certificates.module.css';

export function CertificateLineage({ certificate }: CertificateProps) {
  const { certificates } = useTexts();
  const { lineage } = certificates;
  const { number, replaces, replacedBy, state, notAfter } = certificate;
  if (replaces === null && replacedBy === null) return null;
  return (
    <Card title={lineage.title}>
      <ol className={styles.lineage}>
        {replaces !== null && (
          <li>
            <Other number={replaces} label={lineage.before} />
          </li>
        )}
        <li aria-current="true">
          <span className="dim small">{lineage.present}</span>
          <strong>{number}</strong>
          <CertificateChip state={state} />
          <DaysLeft until={notAfter} />
        </li>
        {replacedBy !== null && (
          <li>
            <Other number={replacedBy} label={lineage.after} />
          </li>
        )}
      </ol>
    </Card>
  );
}

/** Its number at once; how it stands when that is known. */
function Other({ number, label }: { readonly number: number; readonly label: string }) {
  const reference = String(number);
  const { data } = useQuery({
    queryKey: ['certificates', 'one', reference],
    queryFn: ({ signal }) => call('certificates', 'show', { certificate: reference }, { signal }),
  });
  return (
    <>
      <span className="dim small">{label}</span>
      <Link to="/certificates/$reference" params={{ reference }}>
        <strong>{number}</strong>
      </Link>
      {data !== undefined && (
        <>
          <CertificateChip state={data.state} />
          <DaysLeft until={data.notAfter} />
        </>
      )}
    </>
  );
}

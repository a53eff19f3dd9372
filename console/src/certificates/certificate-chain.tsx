/** The certificates by which it is trusted, from the root down to it. */
import { useTexts } from '../preferences/texts-provider.tsx';
import { readCertificate } from '../shared/csr/read-certificate.ts';
import { Icon } from '../shared/icons.tsx';
import { Card } from '../shared/object.tsx';
import { DaysLeft } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import type { CertificateProps } from './certificate-types.ts';
import styles from './certificates.module.css';

export function CertificateChain({ certificate: { chain, names, notAfter } }: CertificateProps) {
  const { certificates } = useTexts();
  if (chain.length === 0) return null;
  const unreadable = { subject: certificates.chain.unreadable, notAfter: null };
  const links = [
    ...chain.toReversed().map((pem) => ({ key: pem, ...(readCertificate(pem) ?? unreadable) })),
    { key: 'this', subject: names[0] ?? '', notAfter },
  ];
  return (
    <Card title={certificates.chain.title}>
      <ol className={styles.chain}>
        {links.map(({ key, subject, notAfter: until }, place) => (
          <li key={key} data-depth={Math.min(place, 4)}>
            <Icon name={key === 'this' ? 'certificate' : 'issuer'} size={18} />
            <span>
              <strong>{visible(subject)}</strong>
              {until !== null && (
                <span className="small">
                  <DaysLeft until={until} />
                </span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

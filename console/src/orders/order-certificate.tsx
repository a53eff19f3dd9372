/** The certificate that the order has now. */
import { Link } from '@tanstack/react-router';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Chip, type Tone } from '../shared/chip.tsx';
import { CopyButton } from '../shared/copy-button.tsx';
import { Icon, type IconName } from '../shared/icons.tsx';
import { DaysLeft } from '../shared/time.tsx';
import styles from './order.module.css';
import type { Order } from './state-chips.tsx';

type Certificate = NonNullable<Order['certificate']>;

export const certificateLooks = {
  valid: ['check', 'good'],
  revoked: ['stop', 'bad'],
  expired: ['clock', 'idle'],
} as const satisfies Record<Certificate['state'], readonly [IconName, Tone]>;

export function OrderCertificate({ certificate }: { readonly certificate: Certificate }) {
  const { orders } = useTexts();
  const [icon, tone] = certificateLooks[certificate.state];
  return (
    <section className={`card ${styles.certificate}`}>
      <div className={styles.sectionHead}>
        <h2>
          {orders.facts.certificate}{' '}
          <Link to="/certificates/$reference" params={{ reference: String(certificate.number) }}>
            {certificate.number}
          </Link>
        </h2>
        <Chip icon={icon} tone={tone}>
          {orders.certificateStates[certificate.state]}
        </Chip>
      </div>
      <p>
        <DaysLeft until={certificate.notAfter} />
      </p>
      <div className={styles.serial}>
        <span>
          <span className="dim small">{orders.facts.serial}</span>
          <code>{certificate.serial}</code>
        </span>
        <CopyButton value={certificate.serial} what={orders.facts.serial} />
      </div>
      <a
        className={styles.download}
        href={`/api/v1/certificates/${encodeURIComponent(certificate.id)}/download?format=fullchain`}
        download
      >
        <Icon name="download" />
        {orders.downloadPem}
      </a>
    </section>
  );
}

/** What the request changes: the present certificate beside the one that would be issued; of a revocation, what it ends. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Reply } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { DomainName } from '../shared/domain-name.tsx';
import { Icon } from '../shared/icons.tsx';
import { Card, Lines } from '../shared/object.tsx';
import { DaysLeft } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import styles from './approvals.module.css';

export type Approval = Reply<'approvals', 'show'>;
type Terms = NonNullable<Approval['after']>;

export interface ApprovalProps {
  readonly approval: Approval;
}

export function ApprovalChanges({ approval }: ApprovalProps) {
  const { approvals } = useTexts();
  const { before, after, price } = approval;
  const { changes } = approvals;
  if (after === null) return <Ends approval={approval} />;
  return (
    <Card
      title={before === null ? changes.first : changes.title}
      tools={
        before?.certificateNumber == null ? undefined : (
          <Link to="/certificates/$reference" params={{ reference: String(before.certificateNumber) }}>
            {changes.present(before.certificateNumber)}
          </Link>
        )
      }
    >
      <dl className={styles.changes}>
        <Row label={changes.names}>
          <ChangedNames approval={approval} />
        </Row>
        <Row label={changes.key}>
          <Change before={keyText(before)} after={keyText(after) ?? changes.noKey}>
            {before !== null && before.key !== null && after.key !== null && (
              <span className="dim">{before.key.sha256 === after.key.sha256 ? changes.sameKey : changes.newKey}</span>
            )}
          </Change>
        </Row>
        <Row label={changes.validity}>
          <Change before={daysOf(before)} after={daysOf(after) ?? changes.byUpstream} />
        </Row>
        {(before?.organization != null || after.organization !== null) && (
          <Row label={changes.organization}>
            <Change before={organizationOf(before)} after={organizationOf(after) ?? changes.none}>
              {after.organization !== null && (
                <span className={after.organization.isVerified ? styles.good : styles.bad}>
                  {after.organization.isVerified ? changes.verified : changes.notVerified}
                </span>
              )}
            </Change>
          </Row>
        )}
        {price !== null && (
          <Row label={changes.price}>
            <strong>{price.amount}</strong>
          </Row>
        )}
      </dl>
    </Card>
  );

  function daysOf(terms: Terms | null): string | null {
    return terms === null || terms.validity === null ? null : changes.days(terms.validity.days);
  }
}

function Row({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface ChangeProps {
  /** Null: there was none. */
  readonly before: string | null;
  readonly after: string;
  readonly children?: ReactNode;
}

/** What stays the same is said once. */
function Change({ before, after, children }: ChangeProps) {
  return (
    <span className={styles.change}>
      {before !== null && before !== after && (
        <>
          <del>{before}</del>
          <Icon name="forward" size={14} />
        </>
      )}
      <span>{after}</span>
      {children}
    </span>
  );
}

function keyText(terms: Terms | null): string | null {
  return terms?.key?.kind ?? null;
}

function organizationOf(terms: Terms | null): string | null {
  return terms?.organization == null ? null : visible(terms.organization.name);
}

const mostKept = 5;

function ChangedNames({ approval: { changedNames, before } }: ApprovalProps) {
  const { approvals } = useTexts();
  const { changes } = approvals;
  const { added, removed, kept } = changedNames;
  const isFirst = before === null;
  return (
    <ul className={styles.names}>
      {removed.map((name) => (
        <li key={name} className={styles.removed}>
          <span aria-hidden="true">−</span>
          <span className="hidden">{changes.removed} </span>
          <DomainName name={name} />
        </li>
      ))}
      {added.map((name) => (
        <li key={name} className={isFirst ? undefined : styles.added}>
          {!isFirst && (
            <>
              <span aria-hidden="true">+</span>
              <span className="hidden">{changes.added} </span>
            </>
          )}
          <DomainName name={name} />
        </li>
      ))}
      {kept.length > 0 && (
        <li>
          <details>
            <summary>{changes.kept(kept.length)}</summary>
            <ul className={styles.kept}>
              {kept.map((name) => (
                <li key={name}>
                  <DomainName name={name} />
                </li>
              ))}
            </ul>
          </details>
          {kept.length <= mostKept && <span className="dim small">{kept.map(visible).join(', ')}</span>}
        </li>
      )}
    </ul>
  );
}

/** Certificates that are valid now, and would not be. */
function Ends({ approval: { revocation, ends } }: ApprovalProps) {
  const { approvals, acts } = useTexts();
  const { facts, changes } = approvals;
  if (revocation === null) return null;
  const { name, text } = acts.reasons[revocation.reason];
  return (
    <Card title={changes.revocation} isFlush>
      <Lines>
        <li>
          <span>
            <span className="dim small">{facts.reason}</span>
            <strong>{name}</strong>
            <span className="dim small">{text}</span>
          </span>
          <span className="dim">{revocation.certificateId === null ? facts.wholeOrder : facts.oneCertificate}</span>
        </li>
        {ends.length === 0 && <li className="dim">{changes.endsNothing}</li>}
        {ends.map(({ number, names: [first = ''], nameCount, notAfter }) => (
          <li key={number}>
            <span>
              <span>
                <Link to="/certificates/$reference" params={{ reference: String(number) }}>
                  {number}
                </Link>{' '}
                <DomainName name={first} /> {nameCount > 1 && <span className="dim">+{nameCount - 1}</span>}
              </span>
            </span>
            <DaysLeft until={notAfter} />
          </li>
        ))}
      </Lines>
    </Card>
  );
}

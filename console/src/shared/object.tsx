/** The pieces of which the pages and panels of all objects are made: head, cards, facts. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';
import { Icon } from './icons.tsx';
import styles from './object.module.css';
import { visible } from './visible.ts';

/** The way back to the list, above a page of its own. */
export function Back({ to, children }: { readonly to: string; readonly children: string }) {
  return (
    <Link to={to} className={styles.back}>
      <Icon name="back" size={16} />
      {children}
    </Link>
  );
}

export interface HeadProps {
  readonly title: ReactNode;
  /** A page has its own first heading; a panel stands beside a list that has it. */
  readonly isPage?: boolean | undefined;
  readonly chips?: ReactNode;
  readonly summary?: ReactNode;
  readonly acts?: ReactNode;
}

export function Head({ title, isPage = false, chips, summary, acts }: HeadProps) {
  const Title = isPage ? 'h1' : 'h2';
  return (
    <header className={styles.head}>
      <div className={styles.title}>
        <Title>{title}</Title>
        {chips}
      </div>
      {summary !== undefined && <div className={styles.summary}>{summary}</div>}
      {acts !== undefined && <div className={styles.acts}>{acts}</div>}
    </header>
  );
}

export interface CardProps {
  readonly title?: string;
  readonly tools?: ReactNode;
  /** Without a margin of its own: lists. */
  readonly isFlush?: boolean;
  readonly children: ReactNode;
}

export function Card({ title, tools, isFlush = false, children }: CardProps) {
  return (
    <section className={`card ${styles.card}`}>
      {title !== undefined && (
        <div className={styles.cardHead}>
          <h2>{title}</h2>
          {tools !== undefined && <div className={styles.cardTools}>{tools}</div>}
        </div>
      )}
      <div className={isFlush ? undefined : styles.cardBody}>{children}</div>
    </section>
  );
}

/** What is null or empty is left out. */
export type Fact = readonly [label: string, value: ReactNode];

export function Facts({ rows }: { readonly rows: readonly Fact[] }) {
  return (
    <dl className={styles.facts}>
      {rows.map(([label, value]) =>
        value === null || value === undefined || value === '' ? null : (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

/** A whole value that is copied: a serial number, a fingerprint. */
export function Copied({ value, what }: { readonly value: string; readonly what: string }) {
  return (
    <span className={styles.copied}>
      <code>{visible(value)}</code>
      <CopyButton value={value} what={what} />
    </span>
  );
}

export function Page({ children }: { readonly children: ReactNode }) {
  return <div className={styles.page}>{children}</div>;
}

/** Lines of a list in a card. */
export function Lines({ children }: { readonly children: ReactNode }) {
  return <ul className={styles.lines}>{children}</ul>;
}

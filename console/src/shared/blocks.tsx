/** What stands where content would: nothing there yet, still loading. */
import type { ReactNode } from 'react';
import { useTexts } from '../preferences/texts-provider.tsx';
import styles from './blocks.module.css';
import { Icon, type IconName } from './icons.tsx';

export interface EmptyProps {
  readonly icon: IconName;
  readonly tone?: 'good' | 'idle';
  readonly title: string;
  readonly text: string;
  /** It is all that the page has, so that its title is the page's. */
  readonly isPage?: boolean;
  /** What one types on the command line instead. */
  readonly command?: string;
  readonly children?: ReactNode;
}

export function Empty({ icon, tone = 'idle', title, text, isPage = false, command, children }: EmptyProps) {
  const Title = isPage ? 'h1' : 'h2';
  return (
    <div className={styles.block}>
      <span className={styles.mark} data-tone={tone}>
        <Icon name={icon} size={22} />
      </span>
      <Title className={styles.title}>{title}</Title>
      <p className={styles.text}>{text}</p>
      {command !== undefined && <pre className={styles.command}>{command}</pre>}
      {children}
    </div>
  );
}

/** Announced once, whatever the number of lines. */
export function Loading({ children }: { readonly children: ReactNode }) {
  const { shared } = useTexts();
  return (
    <div>
      <span className="hidden" role="status">
        {shared.loading}
      </span>
      <div aria-hidden="true">{children}</div>
    </div>
  );
}

export function Skeleton({ width, height = 14 }: { readonly width: number | string; readonly height?: number }) {
  return <span className={styles.skeleton} style={{ width, height }} />;
}

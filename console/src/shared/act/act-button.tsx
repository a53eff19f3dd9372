/** An act that needs no question: done at once, and what is shown of its object is asked for again. What is not allowed says why. */
import { Button, type ButtonProps } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Noun } from '../../api/call.ts';
import { FailureLine } from '../failure-line.tsx';
import { Icon, type IconName } from '../icons.tsx';
import styles from './act.module.css';

export interface ActButtonProps {
  readonly label: string;
  readonly icon?: IconName;
  readonly isMain?: boolean;
  readonly size?: ButtonProps['size'];
  /** Why it cannot be done now; null: it can. */
  readonly refusal?: string | null;
  /** What is asked for again. */
  readonly changes: readonly Noun[];
  run(): Promise<unknown>;
}

export function ActButton({ label, icon, isMain = false, size, refusal = null, changes, run }: ActButtonProps) {
  const queries = useQueryClient();
  const act = useMutation({
    mutationFn: run,
    onSettled: () => Promise.all(changes.map((noun) => queries.invalidateQueries({ queryKey: [noun] }))),
  });
  return (
    <>
      <Button
        variant={isMain ? 'filled' : 'default'}
        {...(size === undefined ? {} : { size })}
        {...(icon === undefined ? {} : { leftSection: <Icon name={icon} size={16} /> })}
        loading={act.isPending}
        disabled={refusal !== null}
        {...(refusal === null ? {} : { title: refusal })}
        onClick={() => act.mutate()}
      >
        {label}
      </Button>
      {act.error !== null && (
        <div role="alert" className={styles.failure}>
          <FailureLine error={act.error} />
        </div>
      )}
    </>
  );
}

/** An act that needs no question: done at once, and what is shown of its object is asked for again. What is not allowed says why. */
import type { ButtonProps } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { Noun } from '../../api/call.ts';
import { FailureLine } from '../failure-line.tsx';
import { Icon, type IconName } from '../icons.tsx';
import { offerUndo, type Undo } from '../undo/undo-store.ts';
import styles from './act.module.css';
import { ActTrigger } from './act-trigger.tsx';
import { useAfterAct } from './after-act.ts';

export interface ActButtonProps {
  readonly label: string;
  readonly icon?: IconName;
  readonly isMain?: boolean;
  readonly size?: ButtonProps['size'];
  /** Why it cannot be done now; null: it can. */
  readonly refusal?: string | null;
  /** Its opposite, where the API has one: offered for a while afterwards. */
  readonly undo?: Undo;
  /** What is asked for again. */
  readonly changes: readonly Noun[];
  run(): Promise<unknown>;
}

export function ActButton({ label, icon, isMain = false, size, refusal = null, undo, changes, run }: ActButtonProps) {
  const afterAct = useAfterAct();
  const act = useMutation({
    mutationFn: run,
    onSuccess: () => {
      if (undo !== undefined) offerUndo({ ...undo, act: label, changes });
    },
    onSettled: () => afterAct(changes),
  });
  return (
    <>
      <ActTrigger
        variant={isMain ? 'filled' : 'default'}
        {...(size === undefined ? {} : { size })}
        {...(icon === undefined ? {} : { leftSection: <Icon name={icon} size={16} /> })}
        loading={act.isPending}
        refusal={refusal}
        onAct={() => act.mutate()}
      >
        {label}
      </ActTrigger>
      {act.error !== null && (
        <div role="alert" className={styles.failure}>
          <FailureLine error={act.error} />
        </div>
      )}
    </>
  );
}

/** Says what was done, and takes it back on request. It goes by itself, but not while somebody is at it. */
import { Button, CloseButton } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { useAfterAct } from '../act/after-act.ts';
import { FailureLine } from '../failure-line.tsx';
import { Icon } from '../icons.tsx';
import styles from './undo.module.css';
import { offerUndo, type UndoOffer, useUndoOffer } from './undo-store.ts';

const offeredMs = 10_000;

export function UndoBar() {
  const offer = useUndoOffer();
  // What is another person's act is no longer theirs to take back.
  useEffect(() => () => offerUndo(undefined), []);
  return (
    <div role="status" className={styles.place}>
      {offer !== undefined && <Offered key={`${offer.act} ${offer.object}`} offer={offer} />}
    </div>
  );
}

function Offered({ offer }: { readonly offer: UndoOffer }) {
  const { shared } = useTexts();
  const afterAct = useAfterAct();
  const [isHeld, hold] = useState(false);
  const undo = useMutation({
    mutationFn: offer.run,
    onSuccess: () => offerUndo(undefined),
    onSettled: () => afterAct(offer.changes),
  });
  const isWaiting = isHeld || undo.isPending || undo.error !== null;
  useEffect(() => {
    if (isWaiting) return;
    const timer = window.setTimeout(() => offerUndo(undefined), offeredMs);
    return () => window.clearTimeout(timer);
  }, [isWaiting]);
  return (
    <section
      className={styles.bar}
      aria-label={shared.undo}
      onPointerEnter={() => hold(true)}
      onPointerLeave={() => hold(false)}
      onFocus={() => hold(true)}
      onBlur={() => hold(false)}
    >
      <Icon name="check" size={16} />
      <span className={styles.text}>
        {shared.wasDone(offer.act, offer.object)}
        {undo.error !== null && <FailureLine error={undo.error} />}
      </span>
      <Button size="xs" variant="default" loading={undo.isPending} onClick={() => undo.mutate()}>
        {shared.undo}
      </Button>
      <CloseButton size="sm" aria-label={shared.close} onClick={() => offerUndo(undefined)} />
    </section>
  );
}

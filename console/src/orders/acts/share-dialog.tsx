/** Links that show a customer what to place, without an account: made, copied once, removed. */
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { CopyText } from '../../shared/copy-text.tsx';
import { Dialog } from '../../shared/dialog.tsx';
import { failureText } from '../../shared/failure.tsx';
import { Icon } from '../../shared/icons.tsx';
import { Moment } from '../../shared/time.tsx';
import { visible } from '../../shared/visible.ts';
import type { ActDialogProps } from './act-dialog.ts';
import styles from './acts.module.css';

export function ShareDialog({ order, onClose }: ActDialogProps) {
  const texts = useTexts();
  const { acts } = texts;
  const number = String(order.number);
  const queries = useQueryClient();
  const queryKey = ['order', number, 'shares'];
  const { data, error } = useQuery({
    queryKey,
    queryFn: ({ signal }) => call('orders', 'shares', { order: number }, { signal }),
  });
  // In this dialog and nowhere else: whoever has it sees what the names wait for.
  const [address, setAddress] = useState<string | undefined>();
  const again = () => queries.invalidateQueries({ queryKey: ['order'] });
  const make = useMutation({
    mutationFn: () => call('orders', 'share', { order: number }),
    onSuccess: ({ token }) => setAddress(`${window.location.origin}/console/shared/${encodeURIComponent(token)}`),
    onSettled: again,
  });
  const remove = useMutation({
    mutationFn: (share: string) => call('orders', 'unshare', { order: number, share }),
    onSettled: again,
  });
  const failure = error ?? make.error ?? remove.error;
  const links = data?.items ?? [];
  return (
    <Dialog title={acts.share.title(number)} size={560} onClose={onClose}>
      <div className={styles.share}>
        <p>{acts.share.text}</p>
        {address === undefined ? (
          <div>
            <Button leftSection={<Icon name="link" />} loading={make.isPending} onClick={() => make.mutate()}>
              {acts.share.act}
            </Button>
          </div>
        ) : (
          <div className={styles.link} role="status">
            <code>{address}</code>
            <CopyText text={address}>{acts.share.copy}</CopyText>
            <p className="dim small">{acts.share.once}</p>
          </div>
        )}
        {failure !== null && (
          <p role="alert" className={styles.failure}>
            <Icon name="alert" />
            {failureText(failure, texts)}
          </p>
        )}
        {links.length > 0 && (
          <>
            <h3 className={styles.linksTitle}>{acts.share.open(links.length)}</h3>
            <ul className={styles.links}>
              {links.map(({ id, createdBy, expiresAt }) => (
                <li key={id}>
                  <span>
                    {visible(createdBy.name)} · {acts.share.until} <Moment at={expiresAt} />
                  </span>
                  <Button size="xs" variant="default" loading={remove.isPending} onClick={() => remove.mutate(id)}>
                    {acts.share.remove}
                  </Button>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </Dialog>
  );
}

/** Acts that take a CSR: the first one of an order that was placed without, a reissue, a duplicate. */
import { Textarea } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { call } from '../../api/call.ts';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { ConfirmDialog } from '../../shared/confirm/confirm-dialog.tsx';
import type { ActOptions } from '../../shared/confirm/use-act.ts';
import { CsrField } from '../../shared/csr/csr-field.tsx';
import { namesFrom } from '../../shared/names-from.ts';
import { type ActDialogProps, seen } from './act-dialog.ts';
import { ReissueQuote } from './reissue-quote.tsx';

export function CsrDialog(props: ActDialogProps) {
  const { acts } = useTexts();
  const { order } = props;
  return (
    <WithCsr
      {...props}
      words={acts.provideCsr}
      run={(csr, _, options) =>
        call('orders', 'provideCsr', { order: String(order.number), csr }, seen(order, options))
      }
    />
  );
}

export function ReissueDialog(props: ActDialogProps) {
  const { acts } = useTexts();
  const { order } = props;
  return (
    <WithCsr
      {...props}
      words={acts.reissue}
      changesNames
      run={(csr, names, options) =>
        call('orders', 'reissue', { order: String(order.number), csr, names: [...names] }, seen(order, options))
      }
    >
      <p>{acts.reissue.text}</p>
    </WithCsr>
  );
}

export function DuplicateDialog(props: ActDialogProps) {
  const { acts } = useTexts();
  const { order } = props;
  return (
    <WithCsr
      {...props}
      words={acts.duplicate}
      run={(csr, _, options) => call('orders', 'duplicate', { order: String(order.number), csr }, seen(order, options))}
    >
      <p>{acts.duplicate.text}</p>
    </WithCsr>
  );
}

interface WithCsrProps extends ActDialogProps {
  readonly words: { title(number: string): string; readonly act: string; readonly done: string };
  readonly changesNames?: boolean;
  readonly run: (csr: string, names: readonly string[], options: ActOptions) => Promise<unknown>;
  readonly children?: ReactNode;
}

function WithCsr({ order, onDone, words, changesNames = false, run, children, ...rest }: WithCsrProps) {
  const { acts } = useTexts();
  const [csr, writeCsr] = useState('');
  const [typed, type] = useState(() => order.names.map(({ name }) => name).join('\n'));
  const names = namesFrom(typed);
  return (
    <ConfirmDialog
      {...rest}
      title={words.title(String(order.number))}
      act={words.act}
      size={640}
      isReady={csr.trim() !== '' && names.length > 0}
      run={(options) => run(csr, names, options)}
      onDone={() => onDone(words.done)}
    >
      {(errorOf) => (
        <>
          {children}
          {changesNames && (
            <Textarea
              label={acts.names}
              description={acts.namesText}
              rows={Math.min(6, Math.max(2, names.length))}
              value={typed}
              spellCheck={false}
              error={errorOf('names')}
              onChange={(event) => type(event.currentTarget.value)}
              classNames={{ input: 'mono' }}
            />
          )}
          <CsrField value={csr} onChange={writeCsr} names={names} error={errorOf('csr')} />
          {changesNames && <ReissueQuote order={order} csr={csr} names={names} />}
        </>
      )}
    </ConfirmDialog>
  );
}

/** Copies a whole value, and says so to those who do not see it. */
import { ActionIcon } from '@mantine/core';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Icon } from './icons.tsx';
import { useCopy } from './use-copy.ts';

export function CopyButton({ value, what }: { readonly value: string; readonly what: string }) {
  const { shared } = useTexts();
  const { outcome, copy } = useCopy();
  const isCopied = outcome === 'copied';
  const words = { none: '', copied: shared.copied, failed: shared.notCopied };

  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={28}
        aria-label={shared.copyOf(what)}
        title={shared.copyOf(what)}
        onClick={() => void copy(value)}
      >
        <Icon name={isCopied ? 'check' : 'copy'} size={16} />
      </ActionIcon>
      <span className={outcome === 'failed' ? 'small' : 'hidden'} role="status">
        {words[outcome]}
      </span>
    </>
  );
}

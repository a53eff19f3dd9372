/** A button with words that copies a text; the text may come from somewhere first. */
import { Button } from '@mantine/core';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Icon, type IconName } from './icons.tsx';
import { useCopy } from './use-copy.ts';

export interface CopyTextProps {
  readonly children: string;
  readonly icon?: IconName;
  readonly text: string;
}

export function CopyText({ children, icon = 'copy', text }: CopyTextProps) {
  const { shared } = useTexts();
  const { outcome, copy } = useCopy();
  const isCopied = outcome === 'copied';
  const words = { none: '', copied: shared.copied, failed: shared.notCopied };
  return (
    <>
      <Button
        variant="default"
        size="xs"
        leftSection={<Icon name={isCopied ? 'check' : icon} size={15} />}
        onClick={() => void copy(text)}
      >
        {children}
      </Button>
      <span className={outcome === 'failed' ? 'small' : 'hidden'} role="status">
        {words[outcome]}
      </span>
    </>
  );
}

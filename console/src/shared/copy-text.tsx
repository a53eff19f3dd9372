/** A button with words that copies a text; the text may come from somewhere first. */
import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTexts } from '../preferences/texts-provider.tsx';
import { copied } from './copied.ts';
import { Icon, type IconName } from './icons.tsx';

const shownMs = 2000;

export interface CopyTextProps {
  readonly children: string;
  readonly icon?: IconName;
  readonly text: string;
}

export function CopyText({ children, icon = 'copy', text }: CopyTextProps) {
  const { shared } = useTexts();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = window.setTimeout(() => setCopied(false), shownMs);
    return () => window.clearTimeout(timer);
  }, [isCopied]);
  return (
    <>
      <Button
        variant="default"
        size="xs"
        leftSection={<Icon name={isCopied ? 'check' : icon} size={15} />}
        onClick={async () => setCopied(await copied(text))}
      >
        {children}
      </Button>
      <span className="hidden" role="status">
        {isCopied ? shared.copied : ''}
      </span>
    </>
  );
}

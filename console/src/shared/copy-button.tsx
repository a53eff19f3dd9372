/** Copies a whole value, and says so to those who do not see it. */
import { ActionIcon } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTexts } from '../preferences/texts-provider.tsx';
import { copied } from './copied.ts';
import { Icon } from './icons.tsx';

const shownMs = 2000;

export function CopyButton({ value, what }: { readonly value: string; readonly what: string }) {
  const { shared } = useTexts();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = window.setTimeout(() => setCopied(false), shownMs);
    return () => window.clearTimeout(timer);
  }, [isCopied]);

  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={28}
        aria-label={shared.copyOf(what)}
        title={shared.copyOf(what)}
        onClick={async () => setCopied(await copied(value))}
      >
        <Icon name={isCopied ? 'check' : 'copy'} size={16} />
      </ActionIcon>
      <span className="hidden" role="status">
        {isCopied ? shared.copied : ''}
      </span>
    </>
  );
}

/** A page for whoever may call what it needs; others are told which operation their roles lack. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { may, meQuery } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Empty } from '../shared/blocks.tsx';

export function Needs({ operation, children }: { readonly operation: string; readonly children: ReactNode }) {
  const { frame } = useTexts();
  const { data: me } = useQuery(meQuery);
  if (me === undefined || may(me, operation)) return children;
  return <Empty isPage icon="shield" title={frame.notYours} text={frame.notYoursText(operation)} />;
}

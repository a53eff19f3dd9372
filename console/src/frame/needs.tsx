/** A page for whoever may call what it needs; others are told which role would open it. */
import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense } from 'react';
import { may, meQuery } from '../api/me.ts';

/** With the table of roles, which nobody else needs. */
const Refused = lazy(async () => ({ default: (await import('./refused.tsx')).Refused }));

export function Needs({ operation, children }: { readonly operation: string; readonly children: ReactNode }) {
  const { data: me } = useQuery(meQuery);
  if (me === undefined || may(me, operation)) return children;
  return (
    <Suspense>
      <Refused operation={operation} />
    </Suspense>
  );
}

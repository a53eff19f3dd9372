/** Has the server look now, and says what came of it: not that it looked, while it is only about to. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { call } from '../../api/call.ts';
import type { Problem } from '../../api/problem.ts';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { visible } from '../../shared/visible.ts';
import { type Order, useOrderCall } from '../order-query.ts';
import { isStale } from './act-dialog.ts';
import { type Looks, looksOf, outcomeOf } from './check-outcome.ts';

/** How often the order is asked for while a check runs, and how many times; afterwards the page hears of it like of anything else. */
const againMs = 1000;
const mostTimes = 10;

export interface CheckNowProps {
  readonly order: Order;
  readonly onDone: (words: string) => void;
  readonly onStale: (seen: Order) => void;
  readonly onFailed: (problem: Problem) => void;
}

/** For as long as the order is shown, since the check is over when nothing can be checked any more. */
export function useCheckNow({ order, onDone, onStale, onFailed }: CheckNowProps) {
  const { orders } = useTexts();
  const queries = useQueryClient();
  const asking = useOrderCall(() => call('orders', 'check', { order: String(order.number) }));
  const [before, setBefore] = useState<Looks | undefined>();
  const outcome = before === undefined ? undefined : outcomeOf(before, order);
  const kind = outcome?.kind;

  useEffect(() => {
    if (kind !== 'running') return;
    let times = 0;
    const timer = window.setInterval(() => {
      times++;
      if (times > mostTimes) return window.clearInterval(timer);
      // The order alone, and not all that is shown with it.
      void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'order' && queryKey.length === 2 });
    }, againMs);
    return () => window.clearInterval(timer);
  }, [kind, queries]);

  const tell = useEffectEvent(() => {
    if (outcome === undefined || outcome.kind === 'running') return;
    setBefore(undefined);
    if (outcome.kind === 'found') onDone(orders.checkFound);
    else onDone(orders.checkMissing(outcome.names.length, visible(outcome.names[0] ?? '')));
  });
  useEffect(() => {
    if (kind === 'found' || kind === 'missing') tell();
  }, [kind]);

  return {
    isSending: asking.isPending,
    checkNow() {
      const seen = looksOf(order);
      asking.mutate(undefined, {
        onSuccess: () => {
          onDone(orders.checkAsked);
          setBefore(seen);
        },
        onError: (problem) => {
          onFailed(problem);
          if (isStale(problem)) onStale(order);
        },
      });
    },
  } as const;
}

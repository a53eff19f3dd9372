/** One order as its page shows it, and everything that belongs to it, under one key: after an act all of it is asked for again. */
import { queryOptions, useMutation } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import type { Problem } from '../api/problem.ts';
import { useAfterAct } from '../shared/act/after-act.ts';

export type { Order, OrderAction, OrderName, Proof } from './order-types.ts';

/** While names are to be proved the server looks by itself, and so does the page: a check that failed is no event. */
const lookMs = 5000;

export function orderQuery(reference: string) {
  return queryOptions({
    queryKey: ['order', reference],
    queryFn: ({ signal }) => call('orders', 'show', { order: reference }, { signal }),
    refetchInterval: ({ state }) => (state.data?.issuance.state === 'awaitingValidation' ? lookMs : false),
    meta: { againMs: lookMs },
  });
}

/** Asks for the order again, for what is open of it (timeline, certificates, notes), and for what stands of it elsewhere. */
export function useRefreshOrder(): () => Promise<void> {
  const afterAct = useAfterAct();
  return () => afterAct(['orders']);
}

/** Something that is done without a dialog: a check, another method, a note. */
export function useOrderCall<Input>(run: (input: Input) => Promise<unknown>) {
  const refresh = useRefreshOrder();
  return useMutation<unknown, Problem, Input>({ mutationFn: run, onSettled: refresh });
}

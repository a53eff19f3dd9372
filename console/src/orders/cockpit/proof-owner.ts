/** What a proof is for: an order, or a domain that is proved before any order. Of either a method is chosen. */
import { useMutation } from '@tanstack/react-query';
import { call } from '../../api/call.ts';
import type { Problem } from '../../api/problem.ts';
import { useAfterAct } from '../../shared/act/after-act.ts';

/** By the number, as it stands in addresses. */
export type ProofOwner =
  | { readonly kind: 'order'; readonly reference: string }
  | { readonly kind: 'domain'; readonly reference: string };

export interface Choice {
  readonly method: 'httpFile' | 'httpsFile' | 'dnsCname' | 'dnsTxt' | 'email';
  readonly address?: string;
}

/** @param name of an order's names the one that is meant */
export function useChooseMethod(owner: ProofOwner, name: string, onChosen?: () => void) {
  const afterAct = useAfterAct();
  return useMutation<unknown, Problem, Choice>({
    mutationFn: ({ method, address }) => {
      const choice = { method, ...(address === undefined ? {} : { address }) };
      return owner.kind === 'order'
        ? call('orders', 'chooseMethod', { order: owner.reference, name, ...choice })
        : call('domains', 'chooseMethod', { domain: owner.reference, ...choice });
    },
    onSuccess: () => onChosen?.(),
    onSettled: () => afterAct([owner.kind === 'order' ? 'orders' : 'domains']),
  });
}

/** The keys of a list: `/` looks for something, `j` and `k` go from row to row, `x` marks, Escape closes what is open beside it. */
import { useHotkeys } from '@mantine/hooks';

export interface ListKeys {
  move(step: 1 | -1): void;
  mark(): void;
  close(): void;
}

export function useListKeys({ move, mark, close }: ListKeys): void {
  useHotkeys([
    ['/', () => document.querySelector<HTMLInputElement>('input[name=list-search]')?.focus()],
    ['j', () => move(1)],
    ['k', () => move(-1)],
    ['x', mark],
    ['Escape', close],
  ]);
}

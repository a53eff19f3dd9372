/** The keys of a list: `/` looks for something, `j` and `k` go from row to row, `x` marks, Escape closes what is open beside it. */
import { type HotkeyItem, useHotkeys } from '@mantine/hooks';
import { useKeysOn } from '../../preferences/single-keys.ts';

export interface ListKeys {
  move(step: 1 | -1): void;
  mark(): void;
  close(): void;
}

export function useListKeys({ move, mark, close }: ListKeys): void {
  const isOn = useKeysOn();
  useHotkeys([['Escape', close], ...(isOn ? single({ move, mark }) : [])]);
}

function single({ move, mark }: Pick<ListKeys, 'move' | 'mark'>): HotkeyItem[] {
  return [
    ['/', () => document.querySelector<HTMLInputElement>('input[name=list-search]')?.focus()],
    ['j', () => move(1)],
    ['k', () => move(-1)],
    ['x', mark],
  ];
}

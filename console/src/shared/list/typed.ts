/** What is typed into the field of a list: `standing:issuing shop.example` is a filter and a text. */
import type { Filter } from './definition.ts';

export interface Typed {
  readonly filters: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Reads what is known; a word with a colon that is no filter, such as an IPv6 address, is text. */
export function readTyped(typed: string, filters: readonly Filter[]): Typed {
  const found: Record<string, string> = {};
  const words = typed.split(/\s+/).filter((word) => {
    const [, name = '', value = ''] = /^([^:：]+)[:：](.+)$/u.exec(word) ?? [];
    const filter = filters.find(({ key, label }) => isNamed(name, key, label));
    if (filter === undefined || value === '') return true;
    found[filter.key] = typedValue(value, filter);
    return false;
  });
  return { filters: found, text: words.join(' ').trim() };
}

/** By the API's word, or by what it is called here. */
function typedValue(typed: string, { values }: Filter): string {
  const known = Object.entries(values ?? {}).find(([value, label]) => isNamed(typed, value, label));
  return known?.[0] ?? typed;
}

function isNamed(typed: string, ...names: readonly string[]): boolean {
  const plain = (text: string) => text.toLowerCase().replaceAll(/\s/g, '');
  return names.some((name) => plain(name) === plain(typed));
}

/** What a chip says: `Turn: customer`. */
export function filterWords({ label, values }: Filter, value: string): readonly [label: string, value: string] {
  const words = value.split(',').map((one) => values?.[one] ?? one);
  return [label, words.join(', ')];
}

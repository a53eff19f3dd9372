/** The names of those who did what a page shows, looked up for the whole page. */
import type { Language } from '../../../domain/language.ts';
import type { Page } from '../../../domain/page.ts';
import type { NamedActor } from '../../../domain/ports/users.ts';
import { pageToWire, type WirePage } from '../paging.ts';
import type { WireActor } from '../schema.ts';
import type { Client } from '../services.ts';

export interface NamedActors {
  of(id: string): WireActor;
  /** Null: nobody. */
  ofOptional(id: string | null): WireActor | null;
}

const names = {
  operator: { en: 'the operator', zh: '平台管理员' },
  system: { en: 'the server', zh: '系统' },
  reader: { en: 'the reader of the mailbox', zh: '邮箱使用者' },
  unknown: { en: 'unknown', zh: '未知' },
} as const satisfies Partial<Record<NamedActor['kind'], Readonly<Record<Language, string>>>>;

/** @param ids null: of what nobody did */
export async function namedActors(
  { caller, services, language }: Client,
  ids: readonly (string | null)[],
): Promise<NamedActors> {
  const wanted = [...new Set(ids.filter((id) => id !== null))];
  const found = new Map((await services.users.actors(caller, wanted)).map((actor) => [actor.id, actor]));
  const of = (id: string): WireActor => {
    const { kind, name, credential } = found.get(id) ?? { kind: 'unknown', name: '', credential: null };
    return { id, kind, name: name === '' && isNamed(kind) ? names[kind][language] : name, credential };
  };
  return { of, ofOptional: (id) => (id === null ? null : of(id)) };
}

function isNamed(kind: NamedActor['kind']): kind is keyof typeof names {
  return kind in names;
}

/** How something that names actors stands on the wire. */
export interface NamingActors<T, Wire> {
  /** Null: nobody. */
  readonly idsOf: (item: T) => readonly (string | null)[];
  readonly toWire: (item: T, actors: NamedActors) => Wire;
}

export async function oneToWire<T, Wire>(session: Client, item: T, { idsOf, toWire }: NamingActors<T, Wire>) {
  return toWire(item, await namedActors(session, idsOf(item)));
}

/** With one look-up for the whole page. */
export async function namedPageToWire<T, Wire, Cursor = number>(
  session: Client,
  page: Page<T, Cursor>,
  { idsOf, toWire }: NamingActors<T, Wire>,
  ...textOf: readonly [((cursor: Cursor) => string)?]
): Promise<WirePage<Wire>> {
  const actors = await namedActors(session, page.items.flatMap(idsOf));
  return pageToWire(page, (item) => toWire(item, actors), ...textOf);
}

/** The same for a list that is short by nature. */
export function namedListToWire<T, Wire>(session: Client, items: readonly T[], naming: NamingActors<T, Wire>) {
  return namedPageToWire(session, { items, next: null }, naming);
}

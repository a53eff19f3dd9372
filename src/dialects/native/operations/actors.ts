/** The names of those who did what a page shows, looked up for the whole page. */
import type { Language } from '../../../domain/language.ts';
import type { NamedActor } from '../../../domain/ports/users.ts';
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
    return { id, kind, name: name === '' && kind in names ? nameIn(kind, language) : name, credential };
  };
  return { of, ofOptional: (id) => (id === null ? null : of(id)) };
}

function nameIn(kind: NamedActor['kind'], language: Language): string {
  return kind === 'operator' || kind === 'system' ? names[kind][language] : names.unknown[language];
}

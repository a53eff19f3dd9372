/**
 * Writes two tables of the native API: method and path of each endpoint, by which the console calls it, and the roles that may call it. They are
 * read from its schemas and its table of roles, which stay on the server with the library that checks them; the console takes only their types.
 */
import type { Plugin } from 'vite';
import { rolesOfOperations } from '../../src/dialects/native/operation-roles.ts';
import { api } from '../../src/dialects/native/schema.ts';

/** What `console/src/api/endpoints.d.ts` describes. */
const modules: Readonly<Record<string, () => string>> = {
  'virtual:native-endpoints': () => `export const endpoints = ${JSON.stringify(endpointTable())};`,
  'virtual:native-roles': () => `export const roles = ${JSON.stringify(rolesOfOperations)};`,
};

export function nativeEndpoints(): Plugin {
  return {
    name: 'native endpoints',
    resolveId: (id) => (id in modules ? `\0${id}` : null),
    load: (id) => (id.startsWith('\0') ? (modules[id.slice(1)]?.() ?? null) : null),
  };
}

type EndpointTable = Readonly<Record<string, Readonly<Record<string, readonly [method: string, path: string]>>>>;
type Nouns = Readonly<Record<string, Readonly<Record<string, { readonly method: string; readonly path: string }>>>>;

/** `{ orders: { list: ['GET', '/api/v1/orders'] } }` */
export function endpointTable(nouns: Nouns = api): EndpointTable {
  return mapped(nouns, (noun) => mapped(noun, ({ method, path }) => [method, path] as const));
}

function mapped<V, W>(record: Readonly<Record<string, V>>, map: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

/**
 * Writes the table by which the console calls the native API: method and path of each endpoint, read from its schemas. The schemas themselves,
 * with the library that checks them, stay on the server; the console takes only their types.
 */
import type { Plugin } from 'vite';
import { api } from '../../src/dialects/native/schema.ts';

/** What `console/src/api/endpoints.d.ts` describes. */
const moduleName = 'virtual:native-endpoints';
const resolvedName = `\0${moduleName}`;

export function nativeEndpoints(): Plugin {
  return {
    name: 'native endpoints',
    resolveId: (id) => (id === moduleName ? resolvedName : null),
    load: (id) => (id === resolvedName ? `export const endpoints = ${JSON.stringify(endpointTable())};` : null),
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

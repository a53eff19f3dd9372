/** Lists as CSV (RFC 4180), for requests with `Accept: text/csv` or `content_type=csv`: the members of each item as columns. */
import { queryEntries } from '../../kit/form.ts';
import type { OperationDescription } from '../../kit/operation.ts';

/** Calls that have a list to answer so, and the member that holds it. */
const lists: Readonly<Record<string, string>> = {
  'order.list': 'orders',
  'request.list': 'requests',
  'organization.list': 'organizations',
  'user.list': 'users',
};

/** Documentation of such a call. */
export const alsoCsv = {
  otherMediaTypes: ['text/csv'],
  otherFields: {
    content_type: {
      en: '`csv`: the list as CSV, as with `Accept: text/csv`.',
      zh: '`csv`：以 CSV 返回列表，同 `Accept: text/csv`。',
    },
  },
} as const;

export function wantsCsv(request: Request, operation: OperationDescription | undefined): boolean {
  if (operation === undefined || !Object.hasOwn(lists, operation.id)) return false;
  const requested = queryEntries(request.url).find(([key]) => key === 'content_type')?.[1];
  return requested?.toLowerCase() === 'csv' || (request.headers.get('accept') ?? '').toLowerCase().includes('text/csv');
}

/** Columns are paths such as `certificate.common_name`, in the order in which the items first have them. */
export function csvOf(output: unknown, { id }: OperationDescription): string {
  const items = (output as Readonly<Record<string, readonly unknown[]>>)[lists[id] ?? ''] ?? [];
  const rows = items.map((item) => new Map(cellsOf(item, '')));
  const columns = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  const lines = rows.map((row) => columns.map((column) => field(row.get(column) ?? '')));
  return [columns.map(field), ...lines].map((line) => `${line.join(',')}\r\n`).join('');
}

function cellsOf(value: unknown, path: string): [string, string][] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) {
    const isPlain = value.every((item) => typeof item !== 'object');
    return [[path, isPlain ? value.join(' ') : JSON.stringify(value)]];
  }
  if (typeof value !== 'object') return [[path, String(value)]];
  return Object.entries(value).flatMap(([key, member]) => cellsOf(member, path === '' ? key : `${path}.${key}`));
}

/** A leading `=`, `+`, `-` or `@` would be run as a formula by spreadsheets, and names come from strangers. */
function field(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** The thread of `postgres-rows.ts`. */
import { type MessagePort, workerData } from 'node:worker_threads';
import pg from 'pg';

const { signal, port }: { readonly signal: Int32Array; readonly port: MessagePort } = workerData;

/** What the sealer adds to events whenever it gets to it. */
const ofSealer: ReadonlySet<string> = new Set(['written', 'transaction', 'sequence']);

const bytea = 17;
const int8 = 20;
const asText = (text: string): unknown => text;
const parserOf = (type: number) => {
  if (type === int8) return Number;
  return type === bytea ? (text: string) => Uint8Array.fromHex(text.slice(2)) : asText;
};

export interface Question {
  readonly url: string;
  /** Absent: every row of every table. */
  readonly statement?: { readonly text: string; readonly values: readonly unknown[] };
}

async function answer({ url, statement }: Question) {
  const client = new pg.Client({ connectionString: url, pipeline: true, types: { getTypeParser: parserOf } });
  await client.connect();
  try {
    if (statement !== undefined) return (await client.query(statement.text, [...statement.values])).rows;
    const { rows: tables } = await client.query(
      `select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
    );
    const found = tables.map(async ({ name }): Promise<[string, unknown[]]> => {
      const { rows } = await client.query(`select * from ${name} as each order by 1, each::text`);
      return [name, name === 'events' ? rows.map(withoutSealer) : rows];
    });
    return Object.fromEntries(await Promise.all(found));
  } finally {
    await client.end();
  }
}

function withoutSealer(row: object) {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !ofSealer.has(name)));
}

port.on('message', (question: Question) => {
  answer(question)
    .then(
      (found) => port.postMessage({ found }),
      (error: unknown) => port.postMessage({ error: String(error) }),
    )
    .finally(() => {
      Atomics.store(signal, 0, 1);
      Atomics.notify(signal, 0);
    });
});

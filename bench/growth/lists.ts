/** Each operation, some times over HTTP: its time, the size of its reply, and how long the server's main thread was held. */
import { valueIn } from '../customers/customer.ts';
import { openConnection } from '../http-connection.ts';
import { type Operation, operationsOf } from './operations.ts';
import { type GrowthWorld, startWatchedServer, type Turns, type WatchedServer } from './world.ts';

export interface Measured {
  readonly title: string;
  readonly ms: number;
  readonly blockMs: number;
  readonly note: string;
  /** Of the run that took the least; lists only. */
  readonly cpu?: Turns & { readonly firstMs: number };
}

/** The best of so many counts, for time and hold alike: what else the machine does only makes them longer. */
const runs = 3;
/** Lists that are asked for before anything is measured. */
const warmups = 30;

export async function measureLists(
  directory: string,
  { world, orders, only }: { readonly world: GrowthWorld; readonly orders: number; readonly only: RegExp },
): Promise<readonly Measured[]> {
  // Titles are the same whatever the container and the middle are.
  const titled = { world, orders, container: 0, middle: { number: 0, index: 0 }, now: new Date() };
  if (!operationsOf(titled).some(({ title }) => only.test(title))) return [];
  const server = await startWatchedServer({ directory });
  try {
    const headers = { 'X-DC-DEVKEY': world.digicertKey };
    const get = async (path: string): Promise<unknown> =>
      (await fetch(`${server.url}/services/v2${path}`, { headers })).json();
    const container = Number(valueIn(await get('/container'), 'containers', '0', 'id'));
    const found = valueIn(await get(`/order/certificate?limit=1&offset=${Math.floor(orders / 3)}`), 'orders', '0');
    const name = String(valueIn(found, 'certificate', 'common_name'));
    const middle = { number: Number(valueIn(found, 'id')), index: Number(/^host(\d+)/.exec(name)?.[1]) };
    const operations = operationsOf({ world, orders, container, middle, now: new Date() });
    await settled(server);
    // A server that has just started does slowly what V8 has not compiled yet.
    for (let warmup = 0; warmup < warmups; warmup++) await get(`/order/certificate?limit=1000&offset=${1000 * warmup}`);
    const measured: Measured[] = [];
    for (const operation of operations.filter(({ title }) => only.test(title))) {
      const line = await measureOne(server, operation);
      const { mainMs = 0, othersMs = 0, longestMs = 0, firstMs = 0 } = line.cpu ?? {};
      const cpu = [mainMs, othersMs, longestMs, firstMs].map((ms) => ms.toFixed(1).padStart(7)).join('');
      console.log(
        `${cpu}  ${line.ms.toFixed(0).padStart(6)} ms ${line.blockMs.toFixed(0).padStart(6)} ms  ${line.title}  (${line.note})`,
      );
      measured.push(line);
    }
    return measured;
  } finally {
    await server.stop();
  }
}

/** What the start has queued must not be counted as the first operation's. */
async function settled(server: WatchedServer): Promise<void> {
  const quietMs = 20;
  for (let quiet = 0; quiet < 3; ) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    quiet = (await server.longestBlockMs()) < quietMs ? quiet + 1 : 0;
  }
}

async function measureOne(server: WatchedServer, { title, call }: Operation): Promise<Measured> {
  let [ms, blockMs, note] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, ''];
  const sum = (turns: Turns) => turns.mainMs + turns.othersMs;
  // By themselves: what counts them takes a processor.
  const counted: Turns[] = [];
  for (let run = 0; run < runs; run++) {
    const connection = await openConnection(server.url);
    const end = await server.countTurns();
    await connection.send(call);
    counted.push(await end());
    connection.close();
  }
  const [least] = counted.toSorted((a, b) => sum(a) - sum(b));
  const [first] = counted;
  for (let run = 0; run < runs; run++) {
    const connection = await openConnection(server.url);
    await server.longestBlockMs();
    const startMs = performance.now();
    const reply = await connection.send(call);
    // What nobody has is not there; a refusal of another kind would be measured as an answer.
    if (reply.status >= 400 && reply.status !== 404) throw new Error(`${title}: ${reply.status} ${reply.body}`);
    ms = Math.min(ms, performance.now() - startMs);
    blockMs = Math.min(blockMs, await server.longestBlockMs());
    connection.close();
    const total = /"total":(\d+)/.exec(reply.body)?.[1];
    note = `${reply.status}, ${(reply.body.length / 1024).toFixed(0)} KiB${total === undefined ? '' : `, total ${total}`}`;
  }
  const cpu = least &&
    first && { ...least, longestMs: Math.min(...counted.map(({ longestMs }) => longestMs)), firstMs: sum(first) };
  return { title, ms, blockMs, note, ...(cpu === undefined ? {} : { cpu }) };
}

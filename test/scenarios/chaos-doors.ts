/**
 * Customers of the other front doors in the chaos test, who are those of the benchmark: each places one order after the other, at one node and then at
 * the other, and waits for its certificate.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchWorld, benchNames, type Customer } from '../../bench/customers/customer.ts';
import { customersOf } from '../../bench/customers/index.ts';
import { openConnection } from '../../bench/http-connection.ts';
import { makeRequests } from '../../bench/requests.ts';
import { certificateIn } from '../../bench/soak/load.ts';

/** More than any of them places in the longest run. */
const mostOrders = 3_000;
/** Between two orders, so that all doors have their share of the machine. */
const restMs = 300;
/** Before each request, since one who waits for a worker asks again at once. */
const pauseMs = 20;

export interface Door {
  readonly api: string;
  readonly customer: Customer;
}

/** Where the door's customers say what they saw. */
export interface DoorLoad {
  readonly isOver: boolean;
  /** Serial numbers that came in replies, by the API. */
  readonly byDoor: Map<string, string[]>;
  interrupted: number;
}

/** They come in, with their names proved, while nothing is disturbed. */
export async function enterDoors(world: BenchWorld): Promise<readonly Door[]> {
  const doors: Door[] = [];
  for (const script of ['httpsok', 'digicert', 'racent', 'native'].flatMap(customersOf)) {
    const csrs = script.brings === 'csr' ? await makeRequests(mostOrders, () => benchNames) : [];
    doors.push({ api: script.api, customer: await script.enter(world, { csrs, orders: mostOrders }) });
  }
  return doors;
}

export async function orderAtDoor({ api, customer }: Door, urls: readonly string[], load: DoorLoad): Promise<void> {
  const serials: string[] = [];
  load.byDoor.set(api, serials);
  for (let index = 1; index < mostOrders && !load.isOver; index++) {
    try {
      const connection = await openConnection(urls[index % urls.length] ?? '');
      try {
        const { reply } = await customer.place(
          {
            ...connection,
            async send(call) {
              await sleep(pauseMs);
              return connection.send(call);
            },
          },
          index,
        );
        serials.push(certificateIn(reply).serialNumber.toLowerCase());
      } finally {
        connection.close();
      }
    } catch {
      load.interrupted++;
    }
    await sleep(restMs);
  }
}

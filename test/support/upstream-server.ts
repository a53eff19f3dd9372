/** A nasty upstream over HTTP, so that it outlives the process that buys from it; and the other end of the line. */
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import type { NameChoice } from '../../src/domain/challenge.ts';
import type { Identifier } from '../../src/domain/identifier.ts';
import type { Clock } from '../../src/domain/ports/system.ts';
import { listen } from './listen.ts';
import type { NastyUpstream, Operation, ProofsOfOrder, Status, UpstreamApi } from './nasty-upstream.ts';

/** One call: bytes are base64. `at`: the time of whoever calls, which the upstream goes by. */
interface WireCall {
  readonly at: string;
  readonly operation: Operation;
  readonly subject: string;
  readonly csr?: string;
  readonly names?: readonly Identifier[];
  readonly choices?: readonly NameChoice[];
}

type WireStatus = { readonly [key in keyof Status]: Status[key] } & {
  readonly der?: string;
  readonly chain?: readonly string[];
  readonly proofs?: Omit<ProofsOfOrder, 'until'> & { readonly until: string };
};

export interface UpstreamServer {
  readonly url: string;
  close(): Promise<void>;
}

/** @param around is called before and after each operation: the moments at which a caller may be killed */
export async function serveUpstream(
  upstreamAt: (at: Date) => NastyUpstream,
  around: (
    moment: 'before' | 'after',
    call: { readonly operation: Operation; readonly subject: string },
  ) => Promise<void>,
): Promise<UpstreamServer> {
  const server = createServer(async (request, response) => {
    const call = (await json(request)) as WireCall;
    await around('before', call);
    const answer = await answerTo(upstreamAt(new Date(call.at)), call);
    await around('after', call);
    response.end(JSON.stringify({ answer }));
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answerTo(upstream: NastyUpstream, { operation, subject, csr = '', names = [], choices = [] }: WireCall) {
  const { signal } = new AbortController();
  switch (operation) {
    case 'place':
      return toWire(
        await upstream.place({ clientReference: subject, csr: Buffer.from(csr, 'base64'), names, choices }, signal),
      );
    case 'find':
      return toWire(await upstream.find(subject, signal));
    case 'status':
      return toWire(await upstream.status(subject, signal));
    case 'cancel':
      return upstream.cancel(subject, signal);
    case 'revoke':
      return upstream.revoke(subject, signal);
    case 'renewalInfo':
      return upstream.renewalInfo(subject, signal);
    case 'check':
      return toWire(await upstream.check(subject, signal));
    case 'changeMethod': {
      const [change] = choices;
      const status = change && (await upstream.changeMethod(subject, change, signal));
      return status === 'refused' ? status : toWire(status);
    }
    case 'removeName': {
      const [name] = names;
      return name && upstream.removeName(subject, name, signal);
    }
  }
}

function toWire(status: Status | undefined): WireStatus | undefined {
  if (status?.state === 'unproved') {
    const { proofs, ...rest } = status;
    return { ...rest, ...(proofs && { proofs: { ...proofs, until: proofs.until.toISOString() } }) };
  }
  if (status?.state !== 'issued') return status;
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  return { ...status, der: text(status.der), chain: status.chain.map(text) };
}

function fromWire({ state, reference, der = '', chain = [], proofs }: WireStatus): Status {
  if (state === 'unproved') {
    return { state, reference, proofs: proofs && { ...proofs, until: new Date(proofs.until) } };
  }
  if (state !== 'issued') return { state, reference };
  return { state, reference, der: Buffer.from(der, 'base64'), chain: chain.map((one) => Buffer.from(one, 'base64')) };
}

/** What its customer holds. `isBusy`: a call is under way. */
export function connectUpstream(url: string, clock: () => Clock): UpstreamApi & { readonly isBusy: boolean } {
  let calls = 0;

  async function ask(call: Omit<WireCall, 'at'>, signal: AbortSignal) {
    calls++;
    try {
      const body = JSON.stringify({ ...call, at: clock().now().toISOString() });
      const response = await fetch(url, { method: 'POST', body, signal });
      return ((await response.json()) as { readonly answer?: unknown }).answer;
    } finally {
      calls--;
    }
  }

  return {
    get isBusy() {
      return calls > 0;
    },
    async place({ clientReference: subject, csr, names, choices }, signal) {
      const csrText = Buffer.from(csr).toString('base64');
      return fromWire((await ask({ operation: 'place', subject, csr: csrText, names, choices }, signal)) as WireStatus);
    },
    async find(subject, signal) {
      const found = (await ask({ operation: 'find', subject }, signal)) as WireStatus | undefined;
      return found && fromWire(found);
    },
    async status(subject, signal) {
      return fromWire((await ask({ operation: 'status', subject }, signal)) as WireStatus);
    },
    async cancel(subject, signal) {
      return (await ask({ operation: 'cancel', subject }, signal)) as 'cancelled' | 'tooLate';
    },
    async revoke(subject, signal) {
      await ask({ operation: 'revoke', subject }, signal);
    },
    renewalInfo: async () => undefined,
    async check(subject, signal) {
      return fromWire((await ask({ operation: 'check', subject }, signal)) as WireStatus);
    },
    async changeMethod(subject, change, signal) {
      const answer = await ask({ operation: 'changeMethod', subject, choices: [change] }, signal);
      return answer === 'refused' ? answer : fromWire(answer as WireStatus);
    },
    async removeName(subject, name, signal) {
      return (await ask({ operation: 'removeName', subject, names: [name] }, signal)) as 'removed' | 'refused';
    },
  };
}

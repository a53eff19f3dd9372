/** `certmux get` as a person runs it, in this process, against a real server on loopback. */
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { createLocalCommands } from '../../src/boot/local-commands.ts';
import { runCli } from '../../src/cli/run.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { createClock, createRandomness, readEnvironment } from '../../src/system/index.ts';
import type { World } from '../support/world.ts';

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Shell {
  readonly folder: string;
  readonly operator: NativeClient;
  /** `certmux <args>` in the folder, with the operator's token. */
  certmux(
    args: readonly string[],
    change?: { readonly language?: 'en' | 'zh'; readonly daysOn?: number },
  ): Promise<Outcome>;
}

export function shellOf({ url, operatorToken }: Pick<World, 'url' | 'operatorToken'>, folder: string): Shell {
  const fetchRequest = (request: Request) => fetch(request);
  return {
    folder,
    operator: createNativeClient({ baseUrl: url, token: operatorToken, fetch: fetchRequest }),
    async certmux(args, { language = 'en', daysOn = 0 } = {}) {
      let stdout = '';
      let stderr = '';
      const real = createClock();
      const notUsed = () => Promise.reject(new Error('not in this test'));
      const terminal: Terminal = {
        stdout: (data) => {
          stdout += data.toString();
        },
        stderr: (text) => {
          stderr += text;
        },
        isTty: false,
        columns: 80,
        colours: false,
        language,
        clock: { ...real, now: () => new Date(real.now().getTime() + daysOn * 86_400_000) },
        random: createRandomness(),
        fetch: fetchRequest,
        fetchOpenEnded: fetchRequest,
        readConnection: async () => ({ file: 'operator.json', isOfFile: true, url, token: operatorToken }),
        readStdin: notUsed,
        askSecret: notUsed,
        readFile: notUsed,
        // biome-ignore lint/correctness/useYield: nothing is read so
        async *readLines() {
          throw new Error('not in this test');
        },
        writeFile: notUsed,
        writeSecretFile: notUsed,
      };
      const environment = { ...readEnvironment(), workingDirectory: folder };
      const exitCode = await runCli(args, createLocalCommands(environment, terminal), terminal);
      return { exitCode, stdout, stderr };
    },
  };
}

/** The host's web server has this web root. */
export function serveFolder(world: World, host: string, webroot: string): void {
  world.serveNasty(host, (socket, head) => {
    const path = /^GET (\S+)/.exec(head)?.[1] ?? '/';
    readFile(join(webroot, resolve('/', path))).then(
      (body) => socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body.toString()}`),
      () => socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'),
    );
  });
}

/** What comes to port 80 of the host is forwarded to this port. */
export function forwardTo(world: World, host: string, port: number): void {
  world.serveNasty(host, (socket: Socket, head) => {
    const behind = connect(port, '127.0.0.1', () => behind.write(head));
    behind.on('error', () => socket.destroy());
    socket.on('error', () => behind.destroy());
    behind.pipe(socket);
  });
}

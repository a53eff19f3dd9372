/** `certmux get` in this process: its commands, its interruption. */
import type { GetRequest } from '../cli/get-request.ts';
import { getWords } from '../cli/get-words.ts';
import type { GetSession } from '../cli/local.ts';
import type { Terminal } from '../cli/terminal.ts';
import { visible } from '../domain/visible-text.ts';
import { createRunCommand } from '../get/commands.ts';
import { getCertificate } from '../get/get-certificate.ts';
import { watch } from '../get/watch.ts';
import { type GetWorld, Interrupted } from '../get/world.ts';
import { listenForInterruption } from '../quickstart/interruption.ts';
import type { Environment } from '../system/index.ts';

const interruptedCode = 130;

export async function runGet(
  request: GetRequest,
  session: GetSession,
  { environment, terminal }: { readonly environment: Environment; readonly terminal: Terminal },
): Promise<number> {
  const { signal, release } = listenForInterruption();
  const { clock, random, language } = terminal;
  const world: GetWorld = {
    client: session.client,
    clock,
    random,
    words: getWords[language],
    runCommand: createRunCommand(clock, environment.variables, environment.workingDirectory),
    // What servers and hooks say is printed here.
    say: (line) => terminal.stderr(`${visible(line)}\n`),
    signal,
  };
  try {
    if (session.watch) {
      await watch(world, request, session.show);
      return 0;
    }
    session.show(await getCertificate(world, request));
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof Interrupted)) throw thrown;
    terminal.stderr(`${thrown.message}\n`);
    return interruptedCode;
  } finally {
    release();
  }
}

/** The process of `src/boot/certmux.ts`, but for what is expensive on purpose (`cheap-secrets.ts`): many servers of tests start with nothing. */
import { createLocalCommands } from '../../src/boot/local-commands.ts';
import { createProcessTerminal } from '../../src/boot/process-terminal.ts';
import { runCli } from '../../src/cli/run.ts';
import { createClock, createRandomness, readEnvironment } from '../../src/system/index.ts';
import { cheapSecrets } from './cheap-secrets.ts';

const environment = readEnvironment();
const terminal = createProcessTerminal(environment, { clock: createClock(), random: createRandomness() });
const commands = createLocalCommands(environment, terminal, cheapSecrets());
process.exitCode = await runCli(environment.arguments, commands, terminal);

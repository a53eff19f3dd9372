/** The process: `node src/boot/certmux.ts COMMAND`. `bin/certmux` and the npm scripts run this. */
import { runCli } from '../cli/run.ts';
import { createClock, createRandomness, readEnvironment } from '../system/index.ts';
import { createLocalCommands } from './local-commands.ts';
import { createProcessTerminal } from './process-terminal.ts';

const environment = readEnvironment();
const terminal = createProcessTerminal(environment, { clock: createClock(), random: createRandomness() });
process.exitCode = await runCli(environment.arguments, createLocalCommands(environment, terminal), terminal);

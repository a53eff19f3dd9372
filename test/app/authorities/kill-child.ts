/** Runs a command, and is killed by itself at the moment that it is given. */
import { type Command, runCommand } from './killed-commands.ts';

const [folder = '', command = '', at = ''] = process.argv.slice(2);
let moments = 0;
await runCommand(
  folder,
  command as Command,
  () => {
    if (moments++ === Number(at)) process.kill(process.pid, 'SIGKILL');
  },
  2,
);

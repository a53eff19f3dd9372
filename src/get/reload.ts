/** The command that makes a server read the new files. It is run until it succeeds, also by later runs. */
import { CommandFailure } from '../cli/failure.ts';
import type { GetRequest } from '../cli/get-request.ts';
import type { CertificateFolder } from './certificate-folder.ts';
import type { GetWorld } from './world.ts';

export async function reload(
  { runCommand, say, words }: GetWorld,
  folder: CertificateFolder,
  { reloadCommand: command, commandSeconds: seconds }: GetRequest,
): Promise<void> {
  if (!(await folder.needsReload())) return;
  if (command !== undefined) {
    const variables = { CERTMUX_CERTIFICATE_FOLDER: folder.path };
    const outcome = await runCommand({ command, args: [], variables, seconds });
    if (outcome.kind === 'hung') throw new CommandFailure('failure', words.reloadHung(command, seconds));
    if (outcome.kind !== 'done') {
      const how = outcome.kind === 'exited' ? words.exited(outcome.code) : words.killed(outcome.signal);
      throw new CommandFailure('failure', words.reloadFailed(command, how, outcome.output));
    }
    say(words.reloaded(command));
  }
  await folder.reloaded();
}

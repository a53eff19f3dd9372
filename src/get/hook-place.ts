/**
 * Proofs as DNS records, which a command of the person's own sets and removes: `COMMAND present NAME VALUE`, and with `cleanup`
 * afterwards. The same is in environment variables (docs/get.md).
 */
import { CommandFailure } from '../cli/failure.ts';
import type { Words } from '../cli/get-words.ts';
import type { RunCommand } from './commands.ts';
import type { ProofPlace } from './proof-place.ts';

interface Hook {
  readonly command: string;
  readonly seconds: number;
  readonly words: Words;
  readonly runCommand: RunCommand;
}

export function createHookPlace({ command, seconds, words, runCommand }: Hook): ProofPlace {
  async function call(action: 'present' | 'cleanup', host: string, value: string): Promise<void> {
    const outcome = await runCommand({
      command,
      args: [action, host, value],
      variables: {
        CERTMUX_ACTION: action,
        CERTMUX_RECORD_TYPE: 'TXT',
        CERTMUX_RECORD_NAME: host,
        CERTMUX_RECORD_VALUE: value,
      },
      seconds,
    });
    switch (outcome.kind) {
      case 'done':
        return;
      case 'hung':
        throw new CommandFailure('failure', words.hookHung(`${action} ${host}`, seconds));
      case 'killed':
        throw new CommandFailure(
          'failure',
          words.hookFailed(`${action} ${host}`, words.killed(outcome.signal), outcome.output),
        );
      case 'exited':
        throw new CommandFailure(
          'failure',
          words.hookFailed(`${action} ${host}`, words.exited(outcome.code), outcome.output),
        );
    }
  }

  return {
    open: async () => undefined,
    noteOf: (proof) => (proof.kind === 'record' ? { kind: 'record', host: proof.host, value: proof.value } : undefined),
    async place(proof) {
      if (proof.kind !== 'record') throw new TypeError('a hook sets records only');
      await call('present', proof.host, proof.value);
      return `${proof.host} TXT ${proof.value}`;
    },
    async remove(placed) {
      if (placed.kind === 'record') await call('cleanup', placed.host, placed.value);
    },
    close: async () => undefined,
  };
}

/** `event watch`: what changes, one line each, until somebody ends it. Where the connection is lost it goes on after the last one. */
import { type Command, InvalidArgumentError } from 'commander';
import type { FollowedChange } from '../../dialects/native/client.ts';
import { type Topic, topics } from '../../domain/change.ts';
import { CertError } from '../../domain/errors.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { addCommand, type Cli, collect, positiveNumber, type RemoteCall, remoteAction } from '../command.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { momentText } from '../words.ts';

interface EventWatchOptions {
  readonly topic?: readonly Topic[];
  readonly since?: string;
  readonly count?: number;
}

const firstPauseMs = 1000;
const longestPauseMs = 30_000;

export function addEventWatch(event: Command, cli: Cli): void {
  const watch = addCommand(event, {
    usage: 'watch',
    summary: 'Follow what changes',
    description:
      'Prints what changes as it changes, until Ctrl+C: when it was seen, of what kind it is, and its id. How it changed, its own command ' +
      'shows. Where the connection is lost, it goes on after the last one. With --json each line is one object.',
    examples: [
      ['certmux event watch', 'everything that this token may read'],
      ['certmux event watch --topic orders --json', 'for a program, one object in each line'],
      ['certmux event watch --since 4711', 'also what changed since that lastEventId'],
    ],
  })
    .option('--topic <topic>', 'only of this kind, such as orders (repeatable)', collectTopic)
    .option('--since <id>', 'go on after this lastEventId, as --json prints it')
    .option('--count <count>', 'end after so many', positiveNumber);
  remoteAction<EventWatchOptions>(cli, watch, follow);
}

function collectTopic(value: string, before: readonly string[] | undefined): readonly string[] {
  const known: readonly string[] = topics;
  if (!known.includes(value)) throw new InvalidArgumentError(`Allowed choices are ${topics.join(', ')}.`);
  return collect(value, before);
}

async function follow(call: RemoteCall<EventWatchOptions>): Promise<void> {
  const { client, options, terminal } = call;
  let { since: lastEventId } = options;
  let left = options.count ?? Number.POSITIVE_INFINITY;
  let wasOpen = false;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      for await (const followed of client.stream.open(withDefined({ lastEventId }))) {
        wasOpen = true;
        pauseMs = firstPauseMs;
        lastEventId = followed.lastEventId;
        if (!isWanted(followed, options)) continue;
        print(followed, call);
        left -= 1;
        if (left === 0) return;
      }
      wasOpen = true;
    } catch (thrown) {
      // What was open once is lost for a while; a token that is refused stays so.
      if (!wasOpen || !isPassing(thrown)) throw thrown;
    }
    terminal.stderr(`The connection was lost; trying again in ${pauseMs / 1000} s.\n`);
    await terminal.clock.sleep(pauseMs);
  }
}

/** A stream that breaks off ends with an error of the network, which is none of ours. */
function isPassing(thrown: unknown): boolean {
  return !(thrown instanceof CertError) || exitCodeOf(thrown.code) === exitCodes.unreachable;
}

/** That changes are missing concerns whoever watches, whatever they watch. */
function isWanted({ change }: FollowedChange, { topic }: EventWatchOptions): boolean {
  return change === null || topic === undefined || topic.includes(change.topic);
}

function print({ change, lastEventId }: FollowedChange, { output, terminal }: RemoteCall<EventWatchOptions>): void {
  const when = momentText(terminal.clock.now().toISOString());
  const text = change === null ? 'some changes are not known: look again' : `${change.topic}  ${change.id ?? ''}`;
  output.line({ lastEventId, change }, `${when}  ${text}`.trimEnd());
}

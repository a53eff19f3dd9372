/** Where proofs of control are placed: in a web root, by a server of our own, by a hook that sets DNS records. */
import type { GetRequest } from '../cli/get-request.ts';
import type { Words } from '../cli/get-words.ts';
import type { RunCommand } from './commands.ts';
import { createHookPlace } from './hook-place.ts';
import type { ProofPlace } from './proof-place.ts';
import { createStandalonePlace } from './standalone-place.ts';
import { createWebrootPlace } from './webroot-place.ts';

export function createProofPlace(request: GetRequest, words: Words, runCommand: RunCommand): ProofPlace {
  const { place, commandSeconds: seconds } = request;
  switch (place.kind) {
    case 'webroot':
      return createWebrootPlace(place.directory, words);
    case 'standalone':
      return createStandalonePlace(place.port, words);
    case 'dnsHook':
      return createHookPlace({ command: place.command, seconds, words, runCommand });
  }
}

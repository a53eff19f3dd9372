/** The master keys that the environment has: they go before the files that the configuration names. */
import type { Environment } from '../system/index.ts';

export interface KeysOfEnvironment {
  readonly masterKeyText: string | undefined;
  readonly masterKeyOldText: string | undefined;
}

export function keysOfEnvironment({ variables }: Environment): KeysOfEnvironment {
  return { masterKeyText: variables.CERTMUX_MASTER_KEY, masterKeyOldText: variables.CERTMUX_MASTER_KEY_OLD };
}

/** Port for front doors: operation. */
import type { Authority } from '../authority.ts';
import type { Caller } from '../caller.ts';
import type { Job } from '../job.ts';
import type { KeyEncryption } from './master-keys.ts';

export interface Operation {
  authorities(caller: Caller): Promise<readonly Authority[]>;
  failedJobs(caller: Caller): Promise<readonly Job[]>;
  /** The master key, and the newest change of it. For operators. */
  keyEncryption(caller: Caller): Promise<KeyEncryption>;
  /**
   * Makes a new master key and has everything sealed again under it, by a job. While that is under way it only makes sure that the
   * job runs. For operators. @throws {CertError} wrongState where the operator keeps the key
   */
  rotateMasterKey(caller: Caller): Promise<KeyEncryption>;
}

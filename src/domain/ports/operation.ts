/** Port for front doors: operation. */
import type { OpenAlarm } from '../alarm.ts';
import type { Authority } from '../authority.ts';
import type { Caller } from '../caller.ts';
import type { FailedJobCursor, Job } from '../job.ts';
import type { Counting, Page } from '../page.ts';
import type { KeyEncryption } from './master-keys.ts';

export interface Operation {
  /** Those of this server: as many as its configuration made. */
  authorities(caller: Caller): Promise<readonly Authority[]>;
  /** The latest first. */
  failedJobs(
    caller: Caller,
    query: Counting & { readonly limit: number; readonly before?: FailedJobCursor },
  ): Promise<Page<Job, FailedJobCursor>>;
  /** The alarms that last, of all nodes, the oldest first. For operators. */
  alarms(caller: Caller): Promise<readonly OpenAlarm[]>;
  /** The master key, and the newest change of it. For operators. */
  keyEncryption(caller: Caller): Promise<KeyEncryption>;
  /**
   * Makes a new master key and has everything sealed again under it, by a job. While that is under way it only makes sure that the
   * job runs. For operators. @throws {CertError} wrongState where the operator keeps the key
   */
  rotateMasterKey(caller: Caller): Promise<KeyEncryption>;
}

/**
 * What a transaction has just stored for a job that is adopted right after it, so that the job need not read it again. It
 * rides on the job object itself and goes with it: a job that comes from the table has nothing here and reads.
 */
import type { Issuance } from '../../domain/issuance.ts';
import type { Order } from '../../domain/order.ts';
import type { Job } from '../../domain/ports/jobs.ts';

/** What signing needs. None of it changes while the issuance is `issuing`. */
export interface IssueWork {
  readonly order: Order;
  readonly issuance: Issuance;
}

const handedOver = new WeakMap<Job, IssueWork>();

export function handOver(job: Job, work: IssueWork): void {
  handedOver.set(job, work);
}

/** Once: a second run of the same job reads what is there by then. */
export function takeOver(job: Job): IssueWork | undefined {
  const work = handedOver.get(job);
  handedOver.delete(job);
  return work;
}

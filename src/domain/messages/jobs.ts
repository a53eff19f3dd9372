/** Refusals of what is asked of jobs and of statistics. */
import { type None, row } from './row.ts';

export const jobReasons = {
  jobRunning: row<{ job: string }>(
    'wrongState',
    (p) => `the job ${p.job} is running; try again when its run has ended`,
    (p) => `任务 ${p.job} 正在运行，请等本次运行结束后再试`,
  ),
  jobOver: row<{ kind: string; job: string | null }>(
    'wrongState',
    (p) =>
      p.job === null
        ? `jobs of the kind ${p.kind} that were given up cannot run again: what they worked for failed with them; discard them, and request the work again`
        : `the job ${p.job} (${p.kind}) was given up and cannot run again: what it worked for failed with it; discard it, and request the work again`,
    (p) =>
      `${p.job === null ? `${p.kind} 类任务` : `任务 ${p.job}（${p.kind}）`}无法重试：最后一次尝试失败时，对应的申请已按失败处理并告知申请人。请丢弃任务，并重新提交申请`,
  ),
  jobKept: row<{ kind: string }>(
    'wrongState',
    (p) =>
      `jobs of the kind ${p.kind} cannot be discarded: they are tried until they succeed, and nothing else would do their work; remove the cause that the last error names`,
    (p) => `${p.kind} 类任务不能丢弃：这类任务会一直重试直到成功，没有别的途径完成其工作。请根据最近一次错误排除原因`,
  ),
  statisticsBehind: row<None>(
    'unavailable',
    () => 'the orders are still being counted, which takes some minutes after an update; try again then',
    () => '订单统计尚未完成（升级后需要几分钟），请稍后再试',
  ),
} as const;

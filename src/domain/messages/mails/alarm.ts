/** The mail to the operator that something does not succeed any more, or does again. */
import { divider, type Mail, type MailLinks, stopLines } from './mail.ts';

export interface AlarmFacts extends MailLinks {
  readonly state: 'raised' | 'lasting' | 'over';
  readonly alarm: string;
  readonly en: string;
  readonly zh: string;
  /** What to do first. */
  readonly advice: { readonly en: string; readonly zh: string };
  readonly since: Date;
  /** Null: it is of the installation. */
  readonly node: string | null;
  /** Address of what to do about it. */
  readonly runbook: string;
}

const words = {
  raised: { en: 'Alarm', zh: '告警' },
  lasting: { en: 'Alarm, still', zh: '告警未解除' },
  over: { en: 'Over', zh: '告警已解除' },
} as const;

export function alarmMail({
  state,
  alarm,
  en,
  zh,
  advice,
  since,
  node,
  runbook,
  publicUrl,
  stopUrl,
}: AlarmFacts): Mail {
  const { en: wordEn, zh: wordZh } = words[state];
  const text = [
    state === 'over' ? `The alarm ${alarm} is over. It was: ${en}.` : `${en}; ${advice.en}.`,
    '',
    `  Since       ${since.toISOString()}`,
    `  Server      ${publicUrl}`,
    ...(node === null ? [] : [`  Node        ${node}`]),
    `  What to do  ${runbook}`,
    '',
    divider,
    '',
    state === 'over' ? `告警 ${alarm} 已解除，原告警内容：${zh}。` : `${zh}。${advice.zh}。`,
    '',
    `  开始时间  ${since.toISOString()}`,
    `  服务器    ${publicUrl}`,
    ...(node === null ? [] : [`  节点      ${node}`]),
    `  处理方法  ${runbook}`,
    '',
    ...stopLines(stopUrl),
  ].join('\n');
  return { subject: `[certmux] ${wordEn}: ${alarm} / ${wordZh}：${alarm}`, text };
}

/** Alarms: what does not succeed that should. */
import { z } from 'zod';
import { alarmKeys } from '../../../domain/alarm.ts';
import { endpoint, pageOf, time, wholeRequest } from './shapes.ts';

export const alarm = z
  .object({
    alarm: z.enum(alarmKeys),
    since: time,
    seenAt: time.meta({ description: 'When a node found it last, to within some minutes.' }),
    node: z.string().nullable().meta({ description: 'The node that has it; null: the whole installation.' }),
    message: z.string().meta({ description: 'What does not succeed, and what it leads to, for people.' }),
    advice: z.string().meta({ description: 'What to do first, for people.' }),
    runbook: z.string().meta({ description: 'Where the documentation says more.' }),
  })
  .meta({ id: 'Alarm' });

export const alarmsApi = {
  list: endpoint({
    id: 'alarms.list',
    method: 'GET',
    path: '/api/v1/alarms',
    summary: { en: 'The alarms that last, the oldest first', zh: '未解除的告警（旧的在前）' },
    request: wholeRequest.extend({
      alarm: z.enum(alarmKeys).optional(),
      node: z.string().min(1).max(200).optional().meta({ description: 'Only those of this node.' }),
    }),
    response: pageOf(alarm),
  }),
} as const;

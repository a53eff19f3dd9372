/** What the operations of this dialect work with. */
import type { DialectContext } from '../../domain/ports/dialect.ts';
import type { CallerSession, Session } from '../kit/operation.ts';
import type { DigicertConfig } from './config.ts';

export interface Services extends Omit<DialectContext, 'config' | 'language'> {
  readonly config: DigicertConfig;
}

export type Stranger = Session<Services>;
export type Client = CallerSession<Services>;

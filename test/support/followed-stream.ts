/** A client of the stream of changes over a real socket, which keeps the text as it comes and can cut the connection. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';

export interface FollowedStream {
  readonly reply: IncomingMessage;
  readonly text: string;
  /** Either side has ended it. */
  readonly isOver: boolean;
  cut(): void;
}

/** @param headers those that say who follows */
export async function followStream(
  url: string,
  headers: Readonly<Record<string, string>>,
  lastEventId?: string,
): Promise<FollowedStream> {
  const sent = request(`${url}/api/v1/stream`, {
    headers: { ...headers, ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) },
    agent: false,
  }).end();
  const [reply] = (await once(sent, 'response')) as [IncomingMessage];
  const stream = { reply, text: '', isOver: false, cut: () => void sent.destroy() };
  reply.setEncoding('utf8');
  reply.on('data', (piece: string) => {
    stream.text += piece;
  });
  reply.on('error', () => undefined);
  sent.on('error', () => undefined);
  reply.on('close', () => {
    stream.isOver = true;
  });
  return stream;
}

/** Reads server-sent events (WHATWG HTML §9.2.6) from the pieces of text in which they come. */

export interface StreamEvent {
  /** `message` unless the stream says otherwise. */
  readonly kind: string;
  readonly data: string;
}

export interface EventReader {
  /** Takes the next piece; the events that end in it. */
  push(text: string): readonly StreamEvent[];
  /** Where the stream goes on after a cut. */
  readonly lastEventId: string | undefined;
  /** How long the server wants a client to wait that was cut off; undefined: it did not say. */
  readonly retryMs: number | undefined;
}

export function createEventReader(): EventReader {
  let begun = '';
  let kind = 'message';
  let data: string[] = [];
  let lastEventId: string | undefined;
  let retryMs: number | undefined;

  function take(line: string): StreamEvent | undefined {
    if (line === '') {
      const event = data.length === 0 ? undefined : { kind, data: data.join('\n') };
      kind = 'message';
      data = [];
      return event;
    }
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (field === 'data') data.push(value);
    else if (field === 'event') kind = value;
    else if (field === 'id') lastEventId = value;
    else if (field === 'retry' && /^\d+$/.test(value)) retryMs = Number(value);
    return undefined;
  }

  return {
    push(text) {
      const lines = (begun + text).split(/\r\n|\n/);
      begun = lines.pop() ?? '';
      return lines.map(take).filter((event) => event !== undefined);
    },
    get lastEventId() {
      return lastEventId;
    },
    get retryMs() {
      return retryMs;
    },
  };
}

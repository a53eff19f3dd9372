/** What reads the body, in one way or another. */
type Reading = 'body' | 'bodyUsed' | 'clone' | 'text' | 'json' | 'bytes' | 'arrayBuffer' | 'blob' | 'formData';

/** The platform's own, of which all but the body is kept: its readers are methods here, where the platform's types call them properties. */
const Headed: new (body: null, init?: ResponseInit) => Omit<Response, Reading> = Response;

/**
 * An answer whose text is at hand. The platform's `Response` makes a stream of its body at once, and whoever sends it reads that stream again,
 * which costs more than all else of sending a short answer. Of this one the sender takes the text; to everybody else it is a `Response`.
 */
export class TextResponse extends Headed implements Response {
  readonly #text: string;
  /** The same answer with a stream: made for the first who wants the body. */
  #streamed: Response | undefined;

  constructor(text: string, init?: ResponseInit) {
    super(null, init);
    this.#text = text;
  }

  /** Undefined once somebody has asked for the body, of which a part may be read already. */
  get unreadText(): string | undefined {
    return this.#streamed === undefined ? this.#text : undefined;
  }

  get body(): Response['body'] {
    return this.#whole().body;
  }

  get bodyUsed(): boolean {
    return this.#streamed?.bodyUsed ?? false;
  }

  clone(): Response {
    return this.#whole().clone();
  }

  text(): Promise<string> {
    return this.#whole().text();
  }

  json(): Promise<unknown> {
    return this.#whole().json();
  }

  bytes(): ReturnType<Response['bytes']> {
    return this.#whole().bytes();
  }

  arrayBuffer(): Promise<ArrayBuffer> {
    return this.#whole().arrayBuffer();
  }

  blob(): ReturnType<Response['blob']> {
    return this.#whole().blob();
  }

  formData(): ReturnType<Response['formData']> {
    return this.#whole().formData();
  }

  #whole(): Response {
    const { status, statusText, headers } = this;
    this.#streamed ??= new Response(this.#text, { status, statusText, headers });
    return this.#streamed;
  }
}

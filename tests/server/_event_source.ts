/** An event of a stream, as browsers make it. */
class StreamEvent extends Event {
  readonly data: string;
  readonly lastEventId: string;

  constructor(type: string, data: string, lastEventId: string) {
    super(type);
    this.data = data;
    this.lastEventId = lastEventId;
  }
}

interface EventSourceInit {
  readonly withCredentials?: boolean;
  readonly headers?: Record<string, string>;
}

/** The EventSource that browsers have and Bun has not: reads a stream of events, and opens it again when it ends. */
export class FetchEventSource {
  /** How long to wait before opening a stream again, in milliseconds. */
  static readonly RETRY = 10;

  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSED = 2;
  readyState = 0;
  readonly #target = new EventTarget();
  readonly #closing = new AbortController();
  #lastEventId = "";

  constructor(url: string, { headers = {} }: EventSourceInit = {}) {
    void this.#run(url, headers);
  }

  addEventListener(type: string, listener: (event: Event) => void): void {
    this.#target.addEventListener(type, listener);
  }

  removeEventListener(type: string, listener: (event: Event) => void): void {
    this.#target.removeEventListener(type, listener);
  }

  close(): void {
    this.readyState = this.CLOSED;
    this.#closing.abort();
  }

  async #run(url: string, headers: Record<string, string>): Promise<void> {
    while (this.readyState !== this.CLOSED) {
      const resumed = this.#lastEventId === "" ? {} : { "last-event-id": this.#lastEventId };
      try {
        const response = await fetch(url, {
          headers: { accept: "text/event-stream", ...headers, ...resumed },
          signal: this.#closing.signal,
        });
        if (response.headers.get("content-type")?.startsWith("text/event-stream") !== true) return this.#fail();
        this.readyState = this.OPEN;
        await this.#read(response);
      } catch {
        // Cut off, or not to be reached: try again.
      }
      if (this.#closing.signal.aborted) return;
      this.readyState = this.CONNECTING;
      this.#target.dispatchEvent(new Event("error"));
      await Bun.sleep(FetchEventSource.RETRY);
    }
  }

  #fail(): void {
    this.readyState = this.CLOSED;
    this.#target.dispatchEvent(new Event("error"));
  }

  async #read({ body }: Response): Promise<void> {
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) this.#dispatch(block);
    }
  }

  #dispatch(block: string): void {
    const fields = new Map(
      block.split("\n").map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon), line.slice(colon + 1).trimStart()] as const;
      }),
    );
    this.#lastEventId = fields.get("id") ?? this.#lastEventId;
    const data = fields.get("data");
    if (data === undefined) return;
    this.#target.dispatchEvent(new StreamEvent(fields.get("event") ?? "message", data, this.#lastEventId));
  }
}

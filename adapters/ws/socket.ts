import type { ConnectionHandle } from "./options.ts";

/** Bun's socket, whatever its `data` is. */
export type BunSocket = Bun.ServerWebSocket<unknown>;

/** UTF-16 units of waiting frames that are written without waiting for the end of the tick. */
const WRITE_AT = 16 * 1024;

/**
 * The sending side of one socket. The frames of a tick are written together, which costs a fraction of as many writes;
 * nothing is lost silently, and a producer can wait for a slow reader.
 */
export class Socket implements ConnectionHandle {
  #ws: BunSocket | null = null;
  #closed = false;
  #behind = false;
  #controller: AbortController | null = null;
  #waiting: (() => void)[] = [];
  #frames: string[] = [];
  #length = 0;

  /** Made on demand, since most sockets' contexts never ask for it. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#closed) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  get isOpen(): boolean {
    return this.#ws?.readyState === WebSocket.OPEN;
  }

  /** Whether the reader is slower than what was sent to it: wait for `drained()` before sending more. */
  get isBehind(): boolean {
    return this.#behind && !this.#closed;
  }

  /** Send a text frame at the end of the tick; one for a closed socket is dropped, as nobody is left to read it. */
  send(frame: string): void {
    if (!this.isOpen) return;
    this.#length += frame.length;
    if (this.#frames.push(frame) === 1) setImmediate(() => this.flush());
    if (this.#length >= WRITE_AT) this.flush();
  }

  /** Write what waits for the end of the tick. */
  flush(): void {
    const ws = this.#ws;
    const frames = this.#frames;
    if (!ws || frames.length === 0) return;
    this.#frames = [];
    this.#length = 0;
    if (frames.length === 1) this.#write(ws, frames);
    else ws.cork(() => this.#write(ws, frames));
    this.#behind = ws.getBufferedAmount() > 0;
  }

  /** Wait until the reader has caught up, or the socket closes. */
  drained(): Promise<void> {
    if (!this.isBehind) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  close(code?: number, reason?: string): void {
    if (!this.isOpen) return;
    this.flush();
    this.#ws?.close(code, reason);
  }

  /** Close at once with no closing handshake, for a peer that answers no more. */
  terminate(): void {
    this.#ws?.terminate();
  }

  /** Bun opened the socket. */
  opened(ws: BunSocket): void {
    this.#ws = ws;
  }

  /** Bun wrote some of what waited. */
  wrote(): void {
    if (this.#ws && this.#ws.getBufferedAmount() > 0) return;
    this.#behind = false;
    this.#release();
  }

  /** Bun closed the socket. */
  closed(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#release();
    this.#controller?.abort();
  }

  #write(ws: BunSocket, frames: string[]): void {
    for (const frame of frames) {
      if (!this.isOpen) return;
      // Bun dropped the frame: a client that misses one must know, and reconnects.
      if (ws.sendText(frame) === 0) ws.terminate();
    }
  }

  #release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

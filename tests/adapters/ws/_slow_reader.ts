import { connect, type Socket } from "node:net";
import { until } from "./_harness.ts";

/** A WebSocket client over bare TCP that reads only when it is told to, so that the server's sending backs up. */
export class SlowReader {
  /** Text frames that were read whole. */
  readonly frames: string[] = [];
  isClosed = false;
  readonly #tcp: Socket;
  #bytes: Buffer[] = [];
  #size = 0;
  #needed = 2;

  private constructor(tcp: Socket) {
    this.#tcp = tcp;
  }

  /** Shake hands and stop reading. */
  static async open(port: number): Promise<SlowReader> {
    const tcp = connect(port, "127.0.0.1");
    const reader = new SlowReader(tcp);
    tcp.on("error", () => {});
    tcp.on("close", () => {
      reader.isClosed = true;
    });
    const key = "dGhlIHNhbXBsZSBub25jZQ==";
    const headers = ["Host: localhost", "Upgrade: websocket", "Connection: Upgrade", `Sec-WebSocket-Key: ${key}`];
    tcp.write(["GET / HTTP/1.1", ...headers, "Sec-WebSocket-Version: 13", "", ""].join("\r\n"));
    let greeting = "";
    const greet = (data: Buffer) => {
      greeting += data.toString("latin1");
    };
    tcp.on("data", greet);
    await until(() => greeting.endsWith("\r\n\r\n"), "the handshake");
    tcp.off("data", greet);
    tcp.pause();
    tcp.on("data", (data: Buffer) => reader.#take(data));
    tcp.pause();
    return reader;
  }

  /** Send a JSON text frame of less than 126 bytes. */
  send(message: object): void {
    const payload = Buffer.from(JSON.stringify(message));
    if (payload.length > 125) throw new RangeError("Too long for a short frame");
    // Masked with zeros, which leaves the payload as it is.
    this.#tcp.write(Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]));
  }

  read(): void {
    this.#tcp.resume();
  }

  kill(): void {
    this.#tcp.destroy();
  }

  #take(data: Buffer): void {
    this.#bytes.push(data);
    this.#size += data.length;
    if (this.#size < this.#needed) return;
    let rest: Buffer = Buffer.concat(this.#bytes);
    for (;;) {
      const frame = readFrame(rest);
      this.#needed = frame.end;
      if (rest.length < frame.end || rest.length < 2) break;
      if (frame.opcode === 1) this.frames.push(rest.toString("utf8", frame.start, frame.end));
      rest = rest.subarray(frame.end);
    }
    this.#bytes = [rest];
    this.#size = rest.length;
  }
}

/** Where a server's frame starts and ends, or how many bytes it takes to know. */
function readFrame(bytes: Buffer): { opcode: number; start: number; end: number } {
  if (bytes.length < 2) return { opcode: 0, start: 2, end: 2 };
  const opcode = bytes.readUInt8(0) & 0x0f;
  const length = bytes.readUInt8(1);
  if (length < 126) return { opcode, start: 2, end: 2 + length };
  const start = length === 126 ? 4 : 10;
  if (bytes.length < start) return { opcode, start, end: start };
  return { opcode, start, end: start + (length === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))) };
}

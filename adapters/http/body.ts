import { TRPCError } from "@trpc/server";

/**
 * Read a body as text, and no more of it than is allowed.
 *
 * @throws TRPCError PAYLOAD_TOO_LARGE, BAD_REQUEST for what is not UTF-8, or CLIENT_CLOSED_REQUEST if its sender went.
 */
export async function readBody(request: Request, maxBytes: number): Promise<string> {
  if (Number(request.headers.get("content-length")) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength;
      if (size > maxBytes) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new TRPCError({ code: "CLIENT_CLOSED_REQUEST", message: "The body ended early", cause });
  }
  if (size > maxBytes) throw tooLarge(maxBytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new TRPCError({ code: "BAD_REQUEST", message: "The body is not UTF-8" });
  }
}

function tooLarge(maxBytes: number): TRPCError {
  return new TRPCError({ code: "PAYLOAD_TOO_LARGE", message: `The body is too large: at most ${maxBytes} bytes` });
}

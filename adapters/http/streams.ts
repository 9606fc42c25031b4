/** Answers whose bodies go on after their headers. */
export class Streams {
  readonly #cuts = new Set<() => void>();

  /** The same answer; `onEnd` is called once, when its body has ended, was cut, or its reader is gone. */
  watch(response: Response, gone: AbortSignal, onEnd: () => void): Response {
    const { body, status, headers } = response;
    if (body === null) {
      onEnd();
      return response;
    }
    const reader = body.getReader();
    let over = false;
    const end = (): void => {
      if (over) return;
      over = true;
      this.#cuts.delete(cut);
      gone.removeEventListener("abort", cut);
      onEnd();
    };
    let close = (): void => {};
    const cut = (): void => {
      if (over) return;
      end();
      close();
      reader.cancel().catch(() => {});
    };
    const watched = new ReadableStream<Uint8Array>({
      start: (controller) => {
        close = () => controller.close();
      },
      async pull(controller) {
        try {
          const chunk = await reader.read();
          if (over) return;
          if (!chunk.done) return controller.enqueue(chunk.value);
          end();
          controller.close();
        } catch (cause) {
          if (over) return;
          end();
          controller.error(cause);
        }
      },
      async cancel(reason) {
        end();
        await reader.cancel(reason);
      },
    });
    this.#cuts.add(cut);
    gone.addEventListener("abort", cut);
    if (gone.aborted) cut();
    return new Response(watched, { status, headers });
  }

  /** End all bodies where they stand, with no word of an end, so that their clients come again. */
  cutAll(): void {
    for (const cut of [...this.#cuts]) cut();
  }
}

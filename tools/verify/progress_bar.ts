/** Shows how far something has come, on a terminal; says nothing anywhere else. */
export interface ProgressBar {
  show(done: number): void;
  clear(): void;
}

const WIDTH = 40;

export function createProgressBar(
  total: number,
  stream: Pick<NodeJS.WriteStream, "isTTY" | "write"> = process.stderr,
): ProgressBar {
  let shown = -1;
  return {
    show(done) {
      if (!stream.isTTY) return;
      const percent = Math.floor((100 * done) / Math.max(total, 1));
      if (percent === shown) return;
      shown = percent;
      const filled = Math.round((WIDTH * percent) / 100);
      stream.write(`\r${"█".repeat(filled)}${"░".repeat(WIDTH - filled)} ${percent} %`);
    },
    clear() {
      if (stream.isTTY && shown >= 0) stream.write("\r\u001b[K");
    },
  };
}

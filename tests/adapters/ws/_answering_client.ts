/** A worker whose socket answers PING, so that it lives on while the main thread is held up. */
self.onmessage = ({ data: url }: MessageEvent<string>) => {
  const ws = new WebSocket(url);
  ws.onmessage = ({ data }) => {
    if (data === "PING") ws.send("PONG");
  };
};
